//! The binary `wijkboek-server`: reads the command line and does what it says.

use std::process::ExitCode;

fn main() -> ExitCode {
    wijkboek_server::cli::run()
}
