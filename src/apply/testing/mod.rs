//! What the tests of this room stand on: plans made by hand and a world that carries them out.

mod plans;
mod world;

pub(crate) use plans::{PlanOf, facts, named, ready, state, step, v3, v4, v4_5, variable};
pub(crate) use world::{Entry, Script, World, refusal};
