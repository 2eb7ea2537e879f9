//! `judge`: asks the real rules about a foreign change, a note or a position.
//!
//! Peak memory is what this process allocates at most while one change is judged, its bytes
//! included, counted by the allocator below.

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::{Parser, Subcommand};
use wijkboek_tests::judge::{
    JudgeError, judge_change, judge_note, judge_place, read_change, read_note,
};

/// The system's allocator, counting.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[expect(unsafe_code, reason = "an allocator cannot be written without; it only counts")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: passed on unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: passed on unchanged.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Asks the real rules.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    question: Question,
}

#[derive(Subcommand)]
enum Question {
    /// Judges each file as one foreign change that creates a document.
    ///
    /// The announced hash is computed from the bytes, the record is the one the change names.
    /// Ends with 0 also when changes are refused.
    Change {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Finds the person data in a text and prints it as JSON; positions count characters from 0.
    Note {
        /// The file; standard input when there is none.
        file: Option<PathBuf>,
    },
    /// Says in which buurt of Ridderkerk a position lies.
    Place {
        /// Degrees east.
        #[arg(allow_negative_numbers = true)]
        lon: f64,
        /// Degrees north.
        #[arg(allow_negative_numbers = true)]
        lat: f64,
        /// The radius in metres within which it really is.
        #[arg(allow_negative_numbers = true)]
        accuracy_m: f64,
    },
}

fn main() -> ExitCode {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !wijkboek_crdt::panics_are_contained() {
            usual(panic);
        }
    }));
    let answered = match Arguments::parse().question {
        Question::Change { files } => changes(&files),
        Question::Note { file } => note(file).map(|answer| println!("{answer}")),
        Question::Place { lon, lat, accuracy_m } => {
            judge_place(lon, lat, accuracy_m).map(|answer| println!("{answer}"))
        }
    };
    match answered {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("judge: {error}");
            ExitCode::from(2)
        }
    }
}

/// Judges every file; one that cannot be read does not keep the others from being judged.
fn changes(files: &[PathBuf]) -> Result<(), JudgeError> {
    let mut unreadable = Ok(());
    for file in files {
        let before = NOW.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        let started = Instant::now();
        match read_change(file) {
            Ok(bytes) => {
                let verdict = judge_change(&bytes);
                let peak = PEAK.load(Ordering::Relaxed).saturating_sub(before);
                let micros = started.elapsed().as_micros();
                println!("{}: {verdict} [peak {peak} bytes, {micros} µs]", file.display());
            }
            Err(error) => {
                if let Err(earlier) = std::mem::replace(&mut unreadable, Err(error)) {
                    eprintln!("judge: {earlier}");
                }
            }
        }
    }
    unreadable
}

fn note(file: Option<PathBuf>) -> Result<String, JudgeError> {
    let note = match file {
        Some(file) => {
            let name = file.display().to_string();
            let opened = std::fs::File::open(&file);
            let unreadable = |source| JudgeError::Unreadable { file: name.clone(), source };
            read_note(opened.map_err(unreadable)?, &name)?
        }
        None => read_note(std::io::stdin(), "standard input")?,
    };
    judge_note(&note)
}
