//! Reads journals, also of runs that were cut off.

use std::path::{Path, PathBuf};

use super::format::{EndRecord, FORMAT, Line, Record, RunRecord};
use super::state_dir::StateDir;
use super::who::host_name;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::{Directory, FileError, MIB};
use crate::i18n::Text;

/// A run as its journal has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// When it began, RFC 3339.
    pub began: String,
    /// The first line.
    pub head: RunRecord,
    /// What happened, in order.
    pub lines: Vec<Line>,
    /// How it ended, or that it did not.
    pub state: RunState,
    /// Lines that could not be read: torn ones, or of a later version.
    pub unreadable: usize,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum RunState {
    /// It has a last line.
    Ended(Box<EndRecord>),
    /// It has none, and its process is there: it is going on.
    GoingOn,
    /// It has none: it was cut off. What it had begun may have been done.
    CutOff,
}

/// One line of the list of runs.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// Its id.
    pub id: String,
    /// The run; the cause where its journal cannot be read.
    pub run: Result<Run, Text>,
}

/// Why a journal cannot be read.
#[derive(Debug)]
pub enum ReadError {
    /// The directory or the file cannot be read.
    File(FileError),
    /// There is no such run.
    NoSuchRun {
        /// What was asked for.
        id: String,
        /// Where.
        path: PathBuf,
    },
    /// Several runs begin so.
    Several {
        /// What was asked for.
        id: String,
    },
    /// Its first line is not there or not whole: nothing was sent yet.
    NoHead {
        /// The file.
        path: PathBuf,
    },
    /// A later version of this program wrote it.
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u32,
    },
}

impl From<FileError> for ReadError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl Failure for ReadError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        match self {
            Self::File(error) => Text::new("journal-read")
                .with("path", error.path.display())
                .nested("reason", error.fault.text()),
            Self::NoSuchRun { id, path } if id == "last" => {
                Text::new("journal-no-runs").with("path", path.display())
            }
            Self::NoSuchRun { id, path } => Text::new("journal-no-such-run")
                .with("id", id)
                .with("path", path.display()),
            Self::Several { id } => Text::new("journal-several-runs").with("id", id),
            Self::NoHead { path } => Text::new("journal-no-head").with("path", path.display()),
            Self::NewerFormat { path, format } => Text::new("journal-newer-format")
                .with("path", path.display())
                .with("format", format),
        }
    }

    fn hints(&self) -> Vec<Text> {
        let mut hints = match self {
            Self::File(error) => error.hints(),
            _ => Vec::new(),
        };
        hints.push(Text::new("cli-run-hint"));
        hints
    }
}

/// The largest journal that is read: a run of thousands of plugins has some MiB.
const LIMIT: u64 = 256 * MIB;

/// All runs, the last one first; `None` if nothing was ever run.
pub fn list_runs(state: &StateDir) -> Result<Vec<RunSummary>, ReadError> {
    let Some(runs) = state.runs()? else {
        return Ok(Vec::new());
    };
    let read = ids(&runs)?.into_iter().rev().map(|id| RunSummary {
        run: read_file(&runs, &id).map_err(|error| error.message()),
        id,
    });
    Ok(read.collect())
}

/// One run, by its id, the beginning of its id, or `last`.
pub fn read_run(state: &StateDir, id: &str) -> Result<Run, ReadError> {
    let no_such_run = || ReadError::NoSuchRun {
        id: id.to_owned(),
        path: state.path().join("runs"),
    };
    let runs = state.runs()?.ok_or_else(no_such_run)?;
    let ids = ids(&runs)?;
    let found: Vec<_> = if id == "last" {
        ids.last().into_iter().collect()
    } else {
        ids.iter().filter(|known| known.starts_with(id)).collect()
    };
    match found.as_slice() {
        [found] => read_file(&runs, found),
        [] => Err(no_such_run()),
        _ => Err(ReadError::Several { id: id.to_owned() }),
    }
}

/// The ids of all runs, in the order in which they began.
fn ids(runs: &Directory) -> Result<Vec<String>, ReadError> {
    let names = runs.names()?.into_iter();
    let id = |name: std::ffi::OsString| Some(name.to_str()?.strip_suffix(".jsonl")?.to_owned());
    let mut ids: Vec<String> = names.filter_map(id).collect();
    ids.sort();
    Ok(ids)
}

fn read_file(runs: &Directory, id: &str) -> Result<Run, ReadError> {
    let name = format!("{id}.jsonl");
    let bytes = runs.read(&name, LIMIT)?.unwrap_or_default();
    parse(&runs.path_of(name), &bytes)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Run, ReadError> {
    let texts = bytes
        .split(|byte| *byte == b'\n')
        .filter(|text| !text.is_empty());
    let mut unreadable = 0;
    let mut lines = Vec::new();
    for text in texts {
        match serde_json::from_slice::<Line>(text) {
            Ok(line) if line.record != Record::Unknown => lines.push(line),
            _ => unreadable += 1,
        }
    }
    if lines.is_empty() || !matches!(lines[0].record, Record::Run(_)) {
        return Err(ReadError::NoHead {
            path: path.to_path_buf(),
        });
    }
    let first = lines.remove(0);
    let Record::Run(head) = first.record else {
        unreachable!("the first line was looked at above");
    };
    if head.format > FORMAT {
        return Err(ReadError::NewerFormat {
            path: path.to_path_buf(),
            format: head.format,
        });
    }
    let state = match lines.last().map(|line| &line.record) {
        Some(Record::Ended(end)) => RunState::Ended(end.clone()),
        _ if is_going_on(&head) => RunState::GoingOn,
        _ => RunState::CutOff,
    };
    Ok(Run {
        began: first.at,
        head: *head,
        lines,
        state,
        unreadable,
    })
}

/// Whether the process that began it is there. A number may have been given to another process since:
/// then a run that was cut off is taken for one that goes on, which asks for a second look and no more.
fn is_going_on(head: &RunRecord) -> bool {
    let here = head.who.host.is_some() && head.who.host == host_name();
    here && Path::new("/proc").join(head.who.pid.to_string()).exists()
}
