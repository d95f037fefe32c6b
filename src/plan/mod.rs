//! What must change, in what order, what is left out and why: `(Inventories, options) → Plan`.
//!
//! Pure and synchronous: the same input gives the same plan, whatever the order of its rows. Start
//! with `model`, the value that the other rooms read, and `advice`, what it says beside its steps;
//! then `assemble` ([`plan`]), which goes through a side in three parts: `choose` says where each
//! plugin stands, `resolve` judges dependencies and hands blocks on, `effects` says what each
//! register does beside its purpose. [`words`] turns all of it into messages.

mod advice;
mod assemble;
mod by_hand;
mod choose;
mod depend;
mod effects;
mod forecast;
mod graph;
mod model;
mod notices;
mod pages;
mod relation;
mod resolve;
mod scene;
mod select;
mod variable;
mod view;
mod way_out;
pub mod words;

pub use advice::{Notice, Refusal, SameInstance, WayOutAction};
pub use assemble::{plan, plan_register};
pub use by_hand::{VariableChange, VariableFault, VariableWish, variable_change};
pub use depend::{Unmet, unmet};
pub use forecast::forecast;
pub use model::*;
pub use notices::MAX_CLOCK_OFFSET_S;
pub use select::{Selection, unknown_picks, unmatched_globs};
pub use variable::{gateway_url_choice, host_of, instance_hosts, is_local, new_row, same_url};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
