//! The operator's DDL scripts, made safe to run and to run again. The database server is the judge.
//!
//! From a script to the ledger:
//!
//! 1. [`split()`] takes a script apart into statements; `statement` says of each its kind, the names in it and
//!    whether it is on the list of what upgrade scripts need; `section` finds statements that depend on the
//!    session and are carried out as a whole. `program` holds the three together.
//! 2. `scratch` makes a scratch schema, `copying` copies the real one into it (with the rows of small tables),
//!    `rehearse` carries the pending statements out in it. What the server refuses is known before the first
//!    write. What a statement changes is noted as a history of objects (`inspect` reads them from
//!    `information_schema` as normalised properties, `object` compares them). `rows` holds the rows of an
//!    `INSERT` against the real ones, `probe` asks the rows of tables too large to be copied.
//! 3. `judge` says of a statement, by that history and the real schema, whether it is true already: all that it
//!    makes is there as it makes it, or as a later statement leaves it. It is the one function for that;
//!    `planner` asks it for all statements (`by_names` for what was not rehearsed), `run` once more for each right before it is carried out or recorded.
//! 4. [`run()`] has two connections: the ledger's, with the lock, and the data's. Statements on rows and their
//!    record are one transaction; a definition is recorded `started` before, with a checksum of what it names,
//!    and `done` behind.
//! 5. A statement ends done, refused (the next run tries it again) or cut off. One that was cut off is looked at:
//!    if the objects look as before, it is carried out; if they look as the statement makes them, it is
//!    recorded; otherwise the operator is asked (`--resume-at`, `--mark-done`).
//!
//! Where nothing in the schema tells whether a statement was carried out (an `UPDATE`) and statements around
//! it were carried out by hand, the run stops and asks. Wrong data is worse than a stop.
//!
//! This module is used through this file alone, and uses nothing of the crate but messages, exit codes,
//! confirmation and secrets.

mod backup;
mod by_names;
mod copying;
mod define;
mod error;
mod inspect;
mod judge;
mod known;
mod ledger;
mod lex;
mod messages;
mod model;
mod object;
mod plan;
mod planner;
mod planner_input;
mod preflight;
mod probe;
mod program;
mod record;
mod rehearse;
mod repair;
mod room;
mod rows;
mod run;
mod scratch;
mod section;
mod server;
mod split;
mod statement;
mod survey;
mod view;
mod watch;

pub use backup::{backup_line, find_backup};
pub use error::MigrateError;
pub use judge::Difference;
pub use known::{KnownScript, Target, known_script};
pub use ledger::{Change, LedgerRow, LedgerState, Script, ScriptChange, version_key};
pub use model::{Conflict, Mark, Rebuild, Unrehearsed};
pub use object::{Key, ObjectKind};
pub use plan::{Action, MigrationPlan, Options, Step};
pub use preflight::{Finding, Survey, preflight};
pub use program::Place;
pub use repair::{differing_tables, repairs};
pub use run::{Done, Progress, Sink, Waits, run};
pub use scratch::RehearsalOptions;
pub use server::{ConnectionSettings, Peer, Tls};
pub use split::{SplitFault, Statement, sha256, split};
pub use view::{MigrationState, Mode, Status, look};
pub use watch::Waiting;
