//! What must change, in what order, what is skipped or blocked and why: `(Inventories, options) → Plan`.
//!
//! Pure and synchronous: the same input gives the same plan, whatever the order of its rows. Start
//! with `model`, the value that other modules read, and `advice`, its refusals, notices and remedies;
//! then `assemble` ([`plan`]), which goes through a side in three parts: `candidate` chooses a
//! package of each plugin, `resolve` judges dependencies and blocks dependents, `effects` lists the
//! side effects of each registration. [`messages`] renders them.

mod advice;
mod assemble;
mod builder;
mod candidate;
mod context;
mod dependencies;
mod effects;
mod forecast;
mod graph;
pub mod messages;
mod model;
mod notices;
mod pages;
mod ready;
mod reason;
mod relation;
mod remedy;
mod resolve;
mod selection;
mod variable;
mod variable_change;
mod view;

pub use advice::{Notice, Refusal, RemedyStep, SameInstance};
pub use assemble::{plan, plan_register};
pub use dependencies::{UnmetDependencies, unmet};
pub use forecast::forecast;
pub use model::*;
pub use notices::MAX_CLOCK_OFFSET_S;
pub use ready::{NotReady, Obstacle, ReadyPlan};
pub use reason::SkipReason;
pub use relation::not_a_pair;
pub use selection::{Selection, SelectionError, validate_selection};
pub use variable::{gateway_url_choice, host_of, instance_hosts, is_local, new_row, same_url};
pub use variable_change::{VariableChange, VariableRequest, VariableRequestError, variable_change};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
