//! Writes a run's journal while it goes on.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::OFlags;

use super::convert::{RunStart, end, record, run};
use super::format::{Line, Record};
use super::state_dir::StateDir;
use crate::apply::{ApplyReport, Event, EventSink, SinkError, messages};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::{Directory, FileError};
use crate::i18n::{Text, english};

/// Tells the time.
pub type Clock = fn() -> Timestamp;

/// A journal could not be written.
#[derive(Debug)]
pub struct JournalError(FileError);

impl From<FileError> for JournalError {
    fn from(error: FileError) -> Self {
        Self(error)
    }
}

impl Failure for JournalError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        Text::new("journal-write")
            .with("path", self.0.path.display())
            .nested("reason", self.0.fault.text())
    }
}

/// The journal of a run that is going on.
pub struct Journal {
    id: String,
    path: PathBuf,
    file: File,
    clock: Clock,
    /// A write failed half-way: the next line begins on a line of its own.
    torn: bool,
}

/// Whether a line must be on the disk before anything else happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durable {
    Now,
    Sometime,
}

impl Journal {
    /// Begins a journal: its file is made, and who begins what on what is on the disk.
    pub fn begin(
        state: &StateDir,
        start: &RunStart<'_>,
        clock: Clock,
    ) -> Result<Self, JournalError> {
        let runs = state.directory("runs")?;
        let (id, path, file) = create(&runs, clock)?;
        let mut journal = Self {
            id,
            path,
            file,
            clock,
            torn: false,
        };
        let head = run(&journal.id, start);
        journal.write(Record::Run(Box::new(head)), None, Durable::Now)?;
        // A new name is on the disk only when its directory is.
        runs.sync().map_err(|error| journal.failed(error))?;
        Ok(journal)
    }

    /// The run's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the last line.
    pub fn end(mut self, report: &ApplyReport, outcome: Outcome) -> Result<(), JournalError> {
        let record = Record::Ended(Box::new(end(report, outcome)));
        self.write(record, None, Durable::Now)
    }

    fn write(
        &mut self,
        record: Record,
        text: Option<Text>,
        durable: Durable,
    ) -> Result<(), JournalError> {
        let line = Line {
            at: (self.clock)().to_string(),
            record,
            text,
        };
        let written = self.append(&line, durable);
        self.torn = written.is_err();
        written.map_err(|source| self.failed(source))
    }

    fn append(&mut self, line: &Line, durable: Durable) -> io::Result<()> {
        let mut text = Vec::new();
        if self.torn {
            text.push(b'\n');
        }
        serde_json::to_writer(&mut text, line)?;
        text.push(b'\n');
        self.file.write_all(&text)?;
        if durable == Durable::Now {
            self.file.sync_data()?;
        }
        Ok(())
    }

    fn failed(&self, error: io::Error) -> JournalError {
        JournalError(FileError::writing(&self.path, error))
    }
}

impl EventSink for Journal {
    fn on_event(&mut self, event: &Event) -> Result<(), SinkError> {
        let durable = match event {
            Event::Started { .. } | Event::VariableWriteStarted { .. } => Durable::Now,
            _ => Durable::Sometime,
        };
        let text = messages::event(event);
        let record = record(event, english(&text));
        self.write(record, Some(text), durable)
            .map_err(|error| SinkError(error.message()))
    }
}

/// Makes a file of a new name: the time, and chance for two in one second.
fn create(runs: &Directory, clock: Clock) -> Result<(String, PathBuf, File), FileError> {
    const NEW: OFlags = OFlags::WRONLY
        .union(OFlags::APPEND)
        .union(OFlags::CREATE)
        .union(OFlags::EXCL);
    let time = clock().strftime("%Y%m%dT%H%M%SZ").to_string();
    loop {
        let id = format!("{time}-{:04x}", fastrand::u16(..));
        let name = format!("{id}.jsonl");
        match runs.open_private(&name, NEW) {
            Ok(file) => return Ok((id, runs.path_of(name), file)),
            Err(error) if error.kind() == Some(io::ErrorKind::AlreadyExists) => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::testing::{World, named, ready, step};
    use crate::apply::{ApplyOptions, CancelSignal, StopCause, run};
    use crate::domain::Side;
    use crate::journal::format::Who;
    use crate::journal::read_run;
    use crate::plan::Plan;

    const CLOCK: Clock = || Timestamp::UNIX_EPOCH;

    fn start(plan: &Plan) -> RunStart<'_> {
        RunStart {
            command: "apply",
            version: "0.0.0",
            who: Who::default(),
            plan,
        }
    }

    fn plan() -> Plan {
        crate::apply::testing::PlanOf::steps(vec![step(Side::New, "a"), step(Side::New, "b")])
    }

    #[tokio::test(start_paused = true)]
    async fn on_a_full_disk_nothing_is_sent() {
        let dir = tempfile::tempdir().unwrap();
        let state = StateDir::open(dir.path()).unwrap();
        let plan = plan();
        let mut journal = Journal::begin(&state, &start(&plan), CLOCK).unwrap();
        journal.file = File::options().write(true).open("/dev/full").unwrap();
        let world = World::of(&plan);
        let options = ApplyOptions::default();
        let report = run(
            &ready(&plan),
            &world,
            None,
            &options,
            &mut journal,
            &CancelSignal::new(),
        )
        .await;
        assert_eq!(world.writes(), 0);
        let Some(StopCause::Journal(error)) = &report.stopped else {
            panic!("{:?}", report.stopped);
        };
        let words = english(&error.0);
        assert!(
            words.contains(".jsonl cannot be written: no space left"),
            "{words}"
        );
        assert!(journal.end(&report, Outcome::Failed).is_err());
    }

    #[test]
    fn after_a_torn_line_the_next_one_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let state = StateDir::open(dir.path()).unwrap();
        let plan = plan();
        let mut journal = Journal::begin(&state, &start(&plan), CLOCK).unwrap();
        journal
            .file
            .write_all(br#"{"at":"1970-01-01T00:00:00Z","record":"sta"#)
            .unwrap();
        journal.torn = true;
        let id = named::id(Side::New, "a");
        journal.on_event(&Event::Verifying { id }).unwrap();
        let run = read_run(&state, "last").unwrap();
        assert_eq!((run.lines.len(), run.unreadable), (1, 1));
    }

    #[test]
    fn two_runs_in_one_second_have_two_names() {
        let dir = tempfile::tempdir().unwrap();
        let state = StateDir::open(dir.path()).unwrap();
        let plan = plan();
        let ids: std::collections::BTreeSet<_> = (0..50)
            .map(|_| Journal::begin(&state, &start(&plan), CLOCK).unwrap().id)
            .collect();
        assert_eq!(ids.len(), 50);
        assert!(ids.iter().all(|id| id.starts_with("19700101T000000Z-")));
    }
}
