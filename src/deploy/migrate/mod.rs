//! The operator's DDL scripts, made safe to run and to run again.
//!
//! [`split()`] takes a script apart, `statement` understands each piece, [`Facts`] holds what the schema
//! has and what the statements want (both in the server's own words), [`plan()`] decides what happens
//! to each statement. All of that is pure. `server` asks the database, `run` carries a plan out and
//! keeps the ledger in the schema itself.

mod backup;
mod difference;
mod facts;
mod judge;
mod known;
mod ledger;
mod lex;
mod limits;
mod meaning;
mod parse;
mod plan;
mod preflight;
mod read;
mod run;
mod server;
mod split;
mod statement;
mod survey;
#[cfg(test)]
mod tests;
mod watch;
mod words;

pub use backup::{MAX_AGE, backup_line, check_backup, find_backup};
pub use difference::{Aspect, Difference, Subject};
pub use facts::{Column, Facts, Index, IndexKind, Place, RowFact, Table, Wanted, quote};
pub use known::{KnownScript, Target, known_script};
pub use ledger::{
    LedgerRow, LedgerState, Script, ScriptChange, changes, in_version_order, version_key,
};
pub use meaning::Meaning;
pub use plan::{Action, Conflict, MigrationPlan, Options, Step, plan};
pub use preflight::{Finding, Survey, preflight};
pub use run::{Done, Look, Progress, Sink, Status, Waits, look, run};
pub use server::{ConnectionSettings, MigrateError, Peer};
pub use split::{SplitFault, Statement, sha256, split};
pub use statement::{Clause, CreateTable, ForeignKey, Insert, Kind, Value, destroys};
pub use watch::Waiting;
pub use words::{differing_tables, repairs};
