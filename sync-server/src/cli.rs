//! The command line: what to do, where the data lies, and how to say it.
//!
//! Admin commands work on the files beside a running server; it notices what they changed.

mod accounts;
mod areas;
mod output;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Parser, Subcommand};
use wijkboek_model::{AreaCode, MunicipalityCode, Role, Timestamp};

use crate::accounts::AccountError;
use crate::config::Config;
use crate::error::ServerError;
use crate::key::ServerKey;
use crate::ledger::Ledger;
use crate::log::sql::PostgresAddress;
use crate::log::{LogError, LogPlace, SqlLog};
use output::Output;

/// Wijkboek's sync server.
#[derive(Debug, Parser)]
#[command(name = "wijkboek-server", version)]
struct Cli {
    /// The directory of the log, the replica and the server key.
    #[arg(long, env = "WIJKBOEK_DATA", global = true, default_value = "data")]
    data: PathBuf,
    /// The log's `PostgreSQL` database (`postgres://user@host/name` or `host=… dbname=…`), for
    /// several servers; without it the log is a file in the data directory.
    #[arg(long, env = "WIJKBOEK_LOG_DATABASE", global = true, hide_env_values = true)]
    log_database: Option<PostgresAddress>,
    /// A file that holds that address, so that its password is in no list of processes.
    #[arg(
        long,
        env = "WIJKBOEK_LOG_DATABASE_FILE",
        global = true,
        conflicts_with = "log_database"
    )]
    log_database_file: Option<PathBuf>,
    /// The municipality's CBS code; needed only while the log holds none or several.
    #[arg(long, env = "WIJKBOEK_MUNICIPALITY", global = true)]
    municipality: Option<MunicipalityCode>,
    /// Say the result as one JSON object.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve phones and office pages.
    Serve(ServeArgs),
    /// Areas, themes and inhabitants.
    #[command(subcommand)]
    Areas(AreasCommand),
    /// Accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Make a one-time code (15 minutes) by which somebody's phone is made known.
    Invite {
        /// The account's id or name.
        user: String,
    },
    /// Enrolled phones.
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Write everything, personal data too, into a zip that people can read. Not encrypted.
    Export {
        /// The archive; must not exist yet.
        file: PathBuf,
    },
    /// Check the log's chain, compare the replica with the log and repair it.
    Rebuild,
    /// Say where the log stands and how much it holds.
    Status,
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "WIJKBOEK_LISTEN", default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
    /// The address by which people reach the office pages, when a proxy stands in front.
    #[arg(long, env = "WIJKBOEK_PUBLIC_URL")]
    public_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum AreasCommand {
    /// Take in areas, and what belongs to them; a file that is broken changes nothing.
    Import {
        /// The areas as `GeoJSON`.
        areas: PathBuf,
        /// Which leefbaarheidsteam each wijk has, as CSV.
        #[arg(long)]
        teams: Option<PathBuf>,
        /// Inhabitants per wijk and year, as CSV.
        #[arg(long)]
        inhabitants: Option<PathBuf>,
        /// The themes, as JSON.
        #[arg(long)]
        themes: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make an account.
    Add {
        /// As they are called at work.
        #[arg(long)]
        name: String,
        /// Their role.
        #[arg(long)]
        role: Role,
        /// A wijk of theirs (`WK…`); may be repeated.
        #[arg(long)]
        wijk: Vec<AreaCode>,
    },
    /// All accounts.
    List,
    /// Make a one-time code (15 minutes) for the office pages.
    Login {
        /// The account's id or name.
        user: String,
    },
    /// Give somebody another role or other wijken from now on.
    Scope {
        /// The account's id or name.
        user: String,
        /// Their new role; the old one when left out.
        #[arg(long)]
        role: Option<Role>,
        /// A wijk of theirs (`WK…`); may be repeated. All of them, not only the new ones.
        #[arg(long)]
        wijk: Vec<AreaCode>,
    },
}

#[derive(Debug, Subcommand)]
enum DeviceCommand {
    /// All phones.
    List,
    /// Stop hearing a phone.
    Revoke {
        /// The phone's id.
        device: wijkboek_model::DeviceId,
    },
}

/// Why a command did not do what was asked; said on one line.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Server(#[from] ServerError),
    #[error("{file}: {reason}")]
    File { file: String, reason: String },
    #[error("the log holds {found} municipalities; say which one by --municipality GM…")]
    WhichMunicipality { found: usize },
    #[error("the areas are of {found}, not of {asked}")]
    OtherMunicipality { found: MunicipalityCode, asked: MunicipalityCode },
    #[error("the chain of the log is broken at entry {number}")]
    ChainBroken { number: u64 },
    #[error(transparent)]
    Export(#[from] wijkboek_store::ExportError),
    #[error("another server already serves from this directory")]
    Served,
    #[error("cannot listen on {address}: {reason}")]
    Listen { address: String, reason: std::io::Error },
}

impl From<LogError> for CliError {
    fn from(error: LogError) -> Self {
        Self::Server(error.into())
    }
}

impl From<AccountError> for CliError {
    fn from(error: AccountError) -> Self {
        Self::Server(error.into())
    }
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let output = Output { json: cli.json };
    match execute(cli, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wijkboek-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn execute(cli: Cli, output: Output) -> Result<(), CliError> {
    Config::make_data_directory(&cli.data).map_err(ServerError::from)?;
    let log = log_place(&cli)?;
    let place = Place { data: cli.data, log, municipality: cli.municipality };
    match cli.command {
        Command::Serve(args) => serve::serve(place.config(Some(&args))?),
        Command::Areas(AreasCommand::Import { areas, teams, inhabitants, themes }) => {
            let files = areas::Files { areas, teams, inhabitants, themes };
            areas::import(&place, &files, output)
        }
        Command::User(command) => accounts::user(&mut place.log()?, command, output),
        Command::Invite { user } => accounts::invite(&mut place.log()?, &user, output),
        Command::Device(command) => accounts::device(&mut place.log()?, &command, output),
        Command::Export { file } => export(&place, &file, output),
        Command::Rebuild => rebuild(&place, output),
        Command::Status => status(&place, output),
    }
}

/// The database that was named, or the file in the data directory.
fn log_place(cli: &Cli) -> Result<LogPlace, CliError> {
    if let Some(address) = &cli.log_database {
        return Ok(LogPlace::Postgres(address.clone()));
    }
    let Some(file) = &cli.log_database_file else { return Ok(Config::log_file(&cli.data)) };
    let text = std::fs::read_to_string(file).map_err(|error| CliError::File {
        file: file.display().to_string(),
        reason: error.to_string(),
    })?;
    Ok(LogPlace::Postgres(text.parse()?))
}

/// Where the data lies, and whose it is.
struct Place {
    data: PathBuf,
    log: LogPlace,
    municipality: Option<MunicipalityCode>,
}

impl Place {
    fn config(&self, serve: Option<&ServeArgs>) -> Result<Config, CliError> {
        let config =
            Config { log: self.log.clone(), ..Config::local(&self.data, self.municipality()?) };
        Ok(match serve {
            Some(args) => {
                Config { listen: args.listen, public_url: args.public_url.clone(), ..config }
            }
            None => config,
        })
    }

    /// The municipality that was named, or the only one in the log.
    fn municipality(&self) -> Result<MunicipalityCode, CliError> {
        if let Some(code) = &self.municipality {
            return Ok(code.clone());
        }
        let mut found = SqlLog::municipalities(&self.log)?;
        match (found.pop(), found.len()) {
            (Some(only), 0) => Ok(only),
            (Some(_), others) => Err(CliError::WhichMunicipality { found: others + 1 }),
            (None, _) => Err(CliError::WhichMunicipality { found: 0 }),
        }
    }

    fn log(&self) -> Result<SqlLog, CliError> {
        self.log_of(&self.municipality()?)
    }

    fn log_of(&self, municipality: &MunicipalityCode) -> Result<SqlLog, CliError> {
        Ok(SqlLog::open_at(&self.log, municipality, now())?)
    }

    fn ledger(&self) -> Result<Ledger, CliError> {
        let config = self.config(None)?;
        let key = ServerKey::open(&config.key_path()).map_err(ServerError::from)?;
        let ledger =
            Ledger::open(&config.log, &config.replica_path(), &config.municipality, key, now());
        Ok(ledger.map_err(ServerError::from)?)
    }
}

fn rebuild(place: &Place, output: Output) -> Result<(), CliError> {
    let report = place.ledger()?.rebuild().map_err(ServerError::from)?;
    output.rebuilt(&report);
    match report.broken_at {
        Some(number) => Err(CliError::ChainBroken { number }),
        None => Ok(()),
    }
}

/// Writes beside the archive's place first, so that there is a whole one or none.
fn export(place: &Place, file: &Path, output: Output) -> Result<(), CliError> {
    let failed = |error: std::io::Error| CliError::File {
        file: file.display().to_string(),
        reason: error.to_string(),
    };
    if file.exists() {
        return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
    }
    let mut ledger = place.ledger()?;
    ledger.catch_up().map_err(ServerError::from)?;
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let out = private(&part).map_err(failed)?;
    let written = ledger.export(std::io::BufWriter::new(&out), now());
    let kept = written.map_err(CliError::from).and_then(|done| {
        out.sync_all().and_then(|()| std::fs::rename(&part, file)).map_err(failed)?;
        Ok(done)
    });
    if kept.is_err() {
        // What is left of it is of no use, and holds personal data.
        let _ = std::fs::remove_file(&part);
    }
    output.exported(&kept?);
    Ok(())
}

/// A new file that nobody else may read.
fn private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn status(place: &Place, output: Output) -> Result<(), CliError> {
    output.status(&place.log()?.counts()?);
    Ok(())
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
