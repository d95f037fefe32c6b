//! What a run came to, for people and for machines.

mod document;
mod groups;
mod label;
mod page;
mod run_report;
mod table;

pub(super) use document::package_doc;
pub use run_report::RunReport;
