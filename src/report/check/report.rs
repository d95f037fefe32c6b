//! `check` in every format.

use super::model::CheckReport;
use super::{document, junit, nagios, prometheus, table};
use crate::error::CommandError;
use crate::i18n::{Catalog, Text};
use crate::report::block::Block;
use crate::report::document::Document;
use crate::report::html::Titled;
use crate::report::page::{LayoutOptions, page};
use crate::report::render::{Report, Shape};

/// Formats of monitoring systems. They are English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonitorFormat {
    /// A Nagios plugin's output, with its own four exit codes.
    Nagios,
    /// Text for `node_exporter`'s textfile collector.
    Prometheus,
    /// XML for CI systems.
    Junit,
}

impl MonitorFormat {
    /// The report in that format.
    pub fn render(self, report: &CheckReport<'_>) -> String {
        match self {
            Self::Nagios => nagios::render(report),
            Self::Prometheus => prometheus::render(report),
            Self::Junit => junit::render(report),
        }
    }
}

/// The line of the Prometheus text that says which pair it is about.
pub fn pair_line(report: &CheckReport<'_>) -> String {
    prometheus::pair_line(report)
}

/// The output of a check that failed. `None` for Prometheus, if the age of the last success tells.
pub fn monitor_failure(format: MonitorFormat, error: &CommandError) -> Option<String> {
    match format {
        MonitorFormat::Nagios => Some(nagios::failure(error)),
        MonitorFormat::Prometheus => None,
        MonitorFormat::Junit => Some(junit::failure(error)),
    }
}

impl CheckReport<'_> {
    /// The exit code of a Nagios plugin: 2 for errors, 1 for warnings, 3 if everything found is unknown, else 0.
    pub fn nagios_code(&self) -> u8 {
        nagios::State::of(self.results).code()
    }

    /// The findings alone, for people.
    pub fn findings_alone(&self, catalog: &Catalog, look: LayoutOptions) -> String {
        page(&table::findings_alone(self, catalog), look)
    }

    /// The subject of a message about it: the pair, then the numbers.
    pub fn subject(&self, catalog: &Catalog) -> String {
        table::verdict(self, catalog).text
    }

    /// One line of JSON per finding, then the document.
    pub fn lines(&self) -> String {
        document::lines(self)
    }
}

impl Report for CheckReport<'_> {
    fn blocks(&self, catalog: &Catalog, _: Shape) -> Vec<Block> {
        table::blocks(self, catalog)
    }

    fn document(&self) -> Document {
        document::document(self)
    }

    fn tsv(&self) -> String {
        document::tsv(self)
    }
}

impl Titled for CheckReport<'_> {
    fn title(&self) -> Text {
        match self.name {
            Some(name) => Text::new("monitor-title-of").with("name", name),
            None => Text::new("monitor-title"),
        }
    }
}
