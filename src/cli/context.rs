//! What every command is given.

use std::io;

use super::args::{ConnectArgs, GlobalArgs, OutputArg, SelectArgs};
use super::errors::{CliError, UsageError};
use super::runtime;
use crate::apply::{EventSink, FanOut};
use crate::confirm::Confirmation;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Text};
use crate::report::{
    Charset, ColorMode, LayoutOptions, NdjsonEvents, PlainEvents, Progress, RecordTable, Report,
};
use crate::settings::{DEFAULT_DEADLINE, Env, Files, Given, Settings, resolve};
use crate::ui::{Answer, Ui};

/// What every command is given.
pub(crate) struct Context<'a> {
    /// The terminal.
    pub(crate) ui: &'a Ui,
    /// The environment.
    pub(crate) env: &'a Env,
    /// Configuration and env file, read.
    pub(crate) files: Files,
    /// Flags that every command takes.
    pub(crate) global: GlobalArgs,
}

impl Context<'_> {
    /// Settings from the flags of a command.
    pub(crate) fn settings(
        &self,
        connect: ConnectArgs,
        select: Option<SelectArgs>,
    ) -> Result<Settings, CommandError> {
        let given = Given {
            connect: connect.into(),
            select: select.unwrap_or_default().into(),
            ..self.global.given()
        };
        Ok(resolve(given, &self.files)?)
    }

    /// As [`Context::settings`], for a command that reads: its time has an end, at the latest until it
    /// writes something.
    pub(crate) fn settings_of_reads(
        &self,
        connect: ConnectArgs,
        select: Option<SelectArgs>,
    ) -> Result<Settings, CommandError> {
        let mut settings = self.settings(connect, select)?;
        settings.deadline.get_or_insert(DEFAULT_DEADLINE);
        Ok(settings)
    }

    /// Format of standard output.
    pub(crate) fn output(&self) -> OutputArg {
        self.global.output
    }

    /// Data to standard output.
    pub(crate) fn data(&self, data: &str) -> Result<(), CommandError> {
        self.ui
            .data(data)
            .map_err(|error| self.output_failed(&error))
    }

    /// Standard output could not be written (a full disk behind a redirection).
    #[expect(clippy::unused_self, reason = "reads as what the context's output did")]
    pub(crate) fn output_failed(&self, error: &io::Error) -> CommandError {
        CliError::Output(io::Error::from(error.kind())).into()
    }
}

/// The right to write.
impl Context<'_> {
    /// Asks on the terminal, or takes `--yes` for the answer.
    pub(crate) fn confirm(&self, question: &Text, yes: bool) -> Result<Confirmation, CommandError> {
        if yes {
            return Ok(Confirmation::by_flag());
        }
        match self.ask(question)? {
            Answer::Yes => Ok(Confirmation::typed()),
            Answer::No => Err(CliError::NotConfirmed.into()),
            Answer::NobodyToAsk => Err(CliError::NobodyToAsk.into()),
        }
    }

    /// Asks on the terminal; a signal that comes before the answer ends it.
    pub(crate) fn ask(&self, question: &Text) -> Result<Answer, CommandError> {
        let answer = self.ui.ask(question, runtime::read_line);
        answer.map_err(runtime::interrupted)
    }
}

/// Results and records to standard output, in the format asked for.
impl Context<'_> {
    /// Shows a report and hands back how the command ended.
    pub(crate) fn show(
        &self,
        report: &dyn Report,
        outcome: Outcome,
    ) -> Result<Outcome, CommandError> {
        let words = match self.output() {
            OutputArg::Table => report.table(self.ui.catalog(), self.look()),
            OutputArg::Json => report.document().pretty(),
            OutputArg::Ndjson => report.document().line(),
            OutputArg::Tsv => report.tsv(),
            OutputArg::Nagios | OutputArg::Prometheus | OutputArg::Junit => {
                return Err(UsageError::FormatOnlyForCheck.into());
            }
        };
        // What could not be shown is worse than success, and no better than what it would have said.
        self.data(&words).map_err(|error| CommandError {
            outcome: Outcome::worst([outcome, error.outcome]).unwrap_or(outcome),
            ..error
        })?;
        Ok(outcome)
    }

    /// Shows the records of a command.
    pub(crate) fn show_table(&self, table: &RecordTable) -> Result<Outcome, CommandError> {
        self.show(table, table.ended())
    }

    /// A report for people to standard error, where standard output is not theirs or not yet due. Who
    /// will be `asked` about it sees it in any case.
    pub(crate) fn preview(&self, report: &dyn Report, asked: bool) {
        if asked || self.ui.prints_notices() {
            self.ui.page(&report.table(self.ui.catalog(), self.look()));
        }
    }

    /// Where the events of a run are told: lines of JSON on standard output, or talk on standard
    /// error, drawn where that is a terminal.
    pub(crate) fn progress(&self, steps: usize) -> Box<dyn EventSink> {
        let ours = self.ui.catalog();
        let catalog = Catalog::with_program(ours.lang(), ours.program().to_owned());
        if self.output() == OutputArg::Ndjson {
            Box::new(NdjsonEvents::new(std::io::stdout()))
        } else if self.ui.draws_progress() {
            Box::new(Progress::new(catalog, steps))
        } else if self.ui.prints_notices() {
            Box::new(PlainEvents::new(std::io::stderr(), catalog))
        } else {
            Box::new(FanOut::new(Vec::new()))
        }
    }

    /// How pages look here.
    pub(crate) fn look(&self) -> LayoutOptions {
        let coloured = self.ui.colours_data();
        LayoutOptions {
            width: self.ui.width(),
            color: if coloured {
                ColorMode::Colored
            } else {
                ColorMode::Plain
            },
            charset: if self.env.speaks_unicode() {
                Charset::Unicode
            } else {
                Charset::Ascii
            },
        }
    }
}
