//! `scribe FILE SEED FROM`: writes into a store without end and names each write after its commit,
//! until somebody kills it. The test `crash` does.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use wijkboek_tests::crash::killed;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), Some(seed), Some(from)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        eprintln!("usage: scribe FILE SEED FROM");
        return ExitCode::FAILURE;
    };
    let number = |text: std::ffi::OsString| text.into_string().ok()?.parse::<u32>().ok();
    let (Some(seed), Some(from)) = (number(seed), number(from)) else {
        eprintln!("scribe: SEED and FROM are numbers");
        return ExitCode::FAILURE;
    };
    let mut out = std::io::stdout().lock();
    let written = killed::write_without_end(&PathBuf::from(file), seed, from, &mut |line| {
        // A reader that is gone ends the writing.
        writeln!(out, "{line}").and_then(|()| out.flush()).is_ok()
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scribe: {error}");
            ExitCode::FAILURE
        }
    }
}
