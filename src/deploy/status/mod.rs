//! The state of the four components, and whether the main job can begin: go or no go, with reasons.

mod check;
mod needs;
mod survey;

pub use check::{CheckState, StatusCheck, StatusCheckKind};
pub use survey::{ComponentStatus, LoginAccount, Status, survey};
