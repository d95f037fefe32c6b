//! Connects `apply` to running instances: [`InstanceEffects`] implements the port
//! [`Effects`](crate::apply::Effects) with the readers and writers of `platform`.

mod effects;

pub use effects::{InstanceEffects, SideAccess};
