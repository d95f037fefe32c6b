//! Output: tables for people, JSON, events, TSV, HTML, progress.
//!
//! Nothing is decided here: outcomes and states come with the values. A command's result implements
//! [`Report`]: its [`Block`]s are for people, in one language, laid out by `page` or `html`; its
//! [`Document`] is the JSON document. Machine formats are English. Texts of others are cleaned before
//! they are shown ([`crate::i18n::clean`]).

mod apply;
mod block;
mod check;
mod columns;
mod compare;
pub mod deploy;
mod document;
mod events;
mod failure;
mod html;
mod page;
mod plan;
mod progress;
mod records;
mod render;
#[cfg(test)]
mod tests;
mod tsv;
mod wrap;

pub use apply::RunReport;
pub use block::{Align, Block, Field, Grid, Group, Head, Meaning, Todo, Words};
pub use check::{CheckReport, CheckStats, MonitorFormat, SideSummary, monitor_failure, pair_line};
pub use columns::Column;
pub use compare::CompareReport;
pub use document::{Document, SCHEMA_VERSION};
pub use events::{NdjsonEvents, PlainEvents};
pub use failure::FailureReport;
pub use html::{Titled, html};
pub use page::{Charset, ColorMode, LayoutOptions, page};
pub use plan::PlanReport;
pub use progress::Progress;
pub use records::{Cell, RecordTable};
pub use render::{Report, Shape};
