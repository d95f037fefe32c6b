//! The only access to the terminal: data on standard output, messages on standard error.

use std::io::{self, IsTerminal as _, Write};

use anstyle::{AnsiColor, Style};

use crate::error::CommandError;
use crate::i18n::{Catalog, Text};
use crate::settings::Env;

/// Which messages are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// `-q`: errors only.
    Quiet,
    /// Notices and warnings too.
    Normal,
}

/// Whether colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorChoice {
    /// If the stream is a terminal and neither `NO_COLOR` nor `TERM=dumb` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `yes`.
    Yes,
    /// Anything else.
    No,
    /// There is no terminal to ask on.
    NobodyToAsk,
}

/// The terminal.
pub struct Ui {
    catalog: Catalog,
    verbosity: Verbosity,
    colour: anstream::ColorChoice,
    width: usize,
}

/// Columns if there is no terminal: tables in a log stay readable.
const DEFAULT_WIDTH: usize = 120;

impl Ui {
    /// A terminal with the settings of the environment and the flags.
    pub fn new(catalog: Catalog, verbosity: Verbosity, colour: ColorChoice, env: &Env) -> Self {
        let colour = match colour {
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
            ColorChoice::Auto
                if env.get("NO_COLOR").is_some() || env.get("TERM") == Some("dumb") =>
            {
                anstream::ColorChoice::Never
            }
            ColorChoice::Auto => anstream::ColorChoice::Auto,
        };
        let told = env.get("COLUMNS").and_then(|columns| columns.parse().ok());
        let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = told
            .or_else(measured)
            .unwrap_or(DEFAULT_WIDTH)
            .clamp(60, 400);
        Self {
            catalog,
            verbosity,
            colour,
            width,
        }
    }

    /// The messages.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Columns of the terminal.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether standard error is a terminal that progress may draw on.
    pub fn draws_progress(&self) -> bool {
        self.verbosity > Verbosity::Quiet
            && io::stderr().is_terminal()
            && self.colour != anstream::ColorChoice::Never
    }

    /// Whether standard output gets colours.
    pub fn colours_data(&self) -> bool {
        match self.colour {
            anstream::ColorChoice::Never => false,
            anstream::ColorChoice::Auto => io::stdout().is_terminal(),
            _ => true,
        }
    }

    /// Whether notices are printed.
    pub fn prints_notices(&self) -> bool {
        self.verbosity > Verbosity::Quiet
    }

    /// Writes data to standard output. A reader that closed the pipe is no error.
    pub fn data(&self, data: &str) -> io::Result<()> {
        let mut out = anstream::AutoStream::new(io::stdout().lock(), self.colour);
        match out.write_all(data.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// Prints a notice to standard error, unless `-q`.
    pub fn notice(&self, text: &Text) {
        if self.verbosity > Verbosity::Quiet {
            self.line(None, &self.catalog.render(text));
        }
    }

    /// Prints a page to standard error.
    pub fn page(&self, page: &str) {
        let mut err = anstream::AutoStream::new(io::stderr().lock(), self.colour);
        // Nobody can be told that standard error is gone.
        let _gone = err.write_all(page.as_bytes());
    }

    /// Prints a warning to standard error.
    pub fn warn(&self, text: &Text) {
        let words = Text::new("cli-warning").nested("text", text.clone());
        self.line(Some(AnsiColor::Yellow), &self.catalog.render(&words));
    }

    /// Prints an error, its causes and its hints to standard error.
    pub fn error(&self, error: &CommandError) {
        for message in &error.messages {
            let words = Text::new("cli-error").nested("text", message.clone());
            self.line(Some(AnsiColor::Red), &self.catalog.render(&words));
        }
        for cause in &error.causes {
            let words = Text::new("cli-cause").nested("text", cause.clone());
            self.line(None, &self.catalog.render(&words));
        }
        for hint in &error.hints {
            let words = Text::new("cli-hint").nested("text", hint.clone());
            self.line(Some(AnsiColor::Cyan), &self.catalog.render(&words));
        }
    }

    /// Asks on the terminal; only the whole word yes agrees.
    ///
    /// # Errors
    /// If `read` fails.
    pub fn ask<E>(
        &self,
        question: &Text,
        read: impl FnOnce() -> Result<Option<String>, E>,
    ) -> Result<Answer, E> {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Ok(Answer::NobodyToAsk);
        }
        let asked = {
            let mut err = anstream::AutoStream::new(io::stderr().lock(), self.colour);
            write!(err, "{} ", self.catalog.render(question)).and_then(|()| err.flush())
        };
        if asked.is_err() {
            return Ok(Answer::NobodyToAsk);
        }
        Ok(match read()?.as_deref().map(str::trim) {
            None => Answer::NobodyToAsk,
            Some("yes" | "YES" | "Yes" | "是") => Answer::Yes,
            Some(_) => Answer::No,
        })
    }

    fn line(&self, colour: Option<AnsiColor>, words: &str) {
        let mut err = anstream::AutoStream::new(io::stderr().lock(), self.colour);
        let style = colour.map_or(Style::new(), anstyle::AnsiColor::on_default);
        // Nobody can be told that standard error is gone.
        let _gone = writeln!(err, "{style}{words}{style:#}");
    }
}
