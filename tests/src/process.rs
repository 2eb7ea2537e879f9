//! Child processes that never outlive their parent's interest in them.
//!
//! A child is killed when its handle is dropped; orderly ends are asked for by name.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::Value;

use crate::phone::{Answer, Command as PhoneCommand};

/// Why a process did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// It could not be started, or its pipes broke.
    #[error("{program}: {source}")]
    Io {
        /// Which program.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It said nothing within the time allowed.
    #[error("{program} did not answer within {} s", LIMIT.as_secs())]
    Silent {
        /// Which program.
        program: String,
    },
    /// It ended, or said something else than expected.
    #[error("{program}: {said}")]
    Unexpected {
        /// Which program.
        program: String,
        /// What it said.
        said: String,
    },
}

/// How long a process may take to answer one command.
const LIMIT: Duration = Duration::from_mins(1);

/// A child process with its standard output as lines.
#[derive(Debug)]
struct Lines {
    program: String,
    child: Child,
    stdin: Option<ChildStdin>,
    said: Receiver<String>,
    /// Where its standard error goes.
    log: PathBuf,
}

impl Lines {
    /// What the program writes to standard error is appended to `log`.
    fn start(program: &Path, args: &[&str], log: &Path) -> Result<Self, ProcessError> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let io = |source| ProcessError::Io { program: name.clone(), source };
        let errors = OpenOptions::new().create(true).append(true).open(log).map_err(io)?;
        let mut child = Command::new(program)
            .args(args)
            .stderr(errors)
            // A group of its own: Ctrl-C in the terminal is for the parent, which ends it in order.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(io)?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().ok_or_else(|| ProcessError::Unexpected {
            program: name.clone(),
            said: "no standard output".into(),
        })?;
        let (sender, said) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { program: name, child, stdin, said, log: log.to_owned() })
    }

    fn next(&self) -> Result<String, ProcessError> {
        match self.said.recv_timeout(LIMIT) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => {
                Err(ProcessError::Silent { program: self.program.clone() })
            }
            Err(RecvTimeoutError::Disconnected) => {
                let log = std::fs::read_to_string(&self.log).unwrap_or_default();
                let last = log.lines().last().unwrap_or("nothing");
                Err(ProcessError::Unexpected {
                    program: self.program.clone(),
                    said: format!("it ended before it answered; its last words: {last}"),
                })
            }
        }
    }

    fn kill(&mut self) {
        // Already gone is as good as killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The directory of the binaries that belong to the running one.
///
/// # Errors
/// [`ProcessError::Io`] when the running program's own place is not known.
pub fn binaries() -> Result<PathBuf, ProcessError> {
    let io = |source| ProcessError::Io { program: "self".into(), source };
    let mut dir = std::env::current_exe().map_err(io)?;
    dir.pop();
    // Test binaries lie one folder deeper.
    if dir.ends_with("deps") {
        dir.pop();
    }
    Ok(dir)
}

/// A running `phone` process.
#[derive(Debug)]
pub struct Phone {
    lines: Lines,
    store: PathBuf,
}

impl Phone {
    /// Starts a phone on its store file.
    ///
    /// # Errors
    /// [`ProcessError`] when it cannot be started.
    pub fn start(store: &Path) -> Result<Self, ProcessError> {
        let program = binaries()?.join("phone");
        let lines = Lines::start(
            &program,
            &["--store", &store.to_string_lossy()],
            &store.with_extension("log"),
        )?;
        Ok(Self { lines, store: store.to_owned() })
    }

    /// Gives a command and waits for its answer.
    ///
    /// # Errors
    /// [`ProcessError`] when it does not answer, or answers no [`Answer`].
    pub fn ask(&mut self, command: &PhoneCommand) -> Result<Answer, ProcessError> {
        let program = self.lines.program.clone();
        let unexpected = |said: String| ProcessError::Unexpected { program: program.clone(), said };
        let line = serde_json::to_string(command).map_err(|e| unexpected(e.to_string()))?;
        let Some(stdin) = self.lines.stdin.as_mut() else {
            return Err(unexpected("its input is closed".into()));
        };
        writeln!(stdin, "{line}")
            .and_then(|()| stdin.flush())
            .map_err(|source| ProcessError::Io { program: self.lines.program.clone(), source })?;
        let answer = self.lines.next()?;
        serde_json::from_str(&answer).map_err(|_| ProcessError::Unexpected {
            program: self.lines.program.clone(),
            said: answer,
        })
    }

    /// Kills it (SIGKILL) and opens its store anew in a new process.
    ///
    /// # Errors
    /// [`ProcessError`] when it cannot be started again.
    pub fn kill_and_reopen(&mut self) -> Result<(), ProcessError> {
        self.lines.kill();
        *self = Self::start(&self.store)?;
        Ok(())
    }

    /// Asks it to end and waits until it has.
    ///
    /// # Errors
    /// [`ProcessError`] when it does not.
    pub fn quit(mut self) -> Result<(), ProcessError> {
        self.ask(&PhoneCommand::Quit)?;
        self.lines.stdin = None;
        let program = self.lines.program.clone();
        self.lines.child.wait().map_err(|source| ProcessError::Io { program, source })?;
        Ok(())
    }
}

/// A running `wijkboek-server serve`.
#[derive(Debug)]
pub struct Server {
    lines: Lines,
    data: PathBuf,
    /// Its base address.
    pub address: String,
}

impl Server {
    /// Starts the server on a data directory and waits until it listens.
    ///
    /// # Errors
    /// [`ProcessError`] when it does not come up.
    pub fn start(data: &Path, listen: &str) -> Result<Self, ProcessError> {
        let program = binaries()?.join("wijkboek-server");
        std::fs::create_dir_all(data)
            .map_err(|source| ProcessError::Io { program: "wijkboek-server".into(), source })?;
        let lines = Lines::start(
            &program,
            &["--data", &data.to_string_lossy(), "serve", "--listen", listen],
            &data.join("server.log"),
        )?;
        let first = lines.next()?;
        let Some(address) = first.split_whitespace().find(|word| word.starts_with("http://"))
        else {
            return Err(ProcessError::Unexpected {
                program: "wijkboek-server".into(),
                said: first,
            });
        };
        let address = address.trim_end_matches('/').to_owned();
        Ok(Self { lines, data: data.to_owned(), address })
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    ///
    /// # Errors
    /// [`ProcessError`] when it ends with an error.
    pub fn stop(mut self) -> Result<(), ProcessError> {
        let io = |source| ProcessError::Io { program: "wijkboek-server".into(), source };
        let pid = self.lines.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().map_err(io)?;
        let status = self.lines.child.wait().map_err(io)?;
        if status.success() {
            Ok(())
        } else {
            Err(ProcessError::Unexpected {
                program: "wijkboek-server".into(),
                said: format!("ended with {status}"),
            })
        }
    }

    /// The directory with its databases.
    pub fn data(&self) -> &Path {
        &self.data
    }
}

/// Runs an administrator's command of the server binary and returns what it printed as JSON.
///
/// # Errors
/// [`ProcessError`] with what the command wrote to standard error when it fails.
pub fn admin(data: &Path, args: &[&str]) -> Result<Value, ProcessError> {
    let program = binaries()?.join("wijkboek-server");
    let output = Command::new(&program)
        .args(["--data", &data.to_string_lossy(), "--json"])
        .args(args)
        .output()
        .map_err(|source| ProcessError::Io { program: "wijkboek-server".into(), source })?;
    let unexpected = |said: &[u8]| ProcessError::Unexpected {
        program: format!("wijkboek-server {}", args.join(" ")),
        said: String::from_utf8_lossy(said).trim().to_owned(),
    };
    if !output.status.success() {
        return Err(unexpected(&output.stderr));
    }
    if output.stdout.trim_ascii().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&output.stdout).map_err(|_| unexpected(&output.stdout))
}

/// A loopback port that is free at this moment.
///
/// # Errors
/// [`ProcessError::Io`] when there is none.
pub fn free_port() -> Result<u16, ProcessError> {
    let io = |source| ProcessError::Io { program: "self".into(), source };
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(io)?;
    listener.local_addr().map(|address| address.port()).map_err(io)
}
