//! The only way in which `apply` touches an instance. `adapter` implements it for running instances, the
//! tests with a world on a virtual clock.

use std::future::Future;
use std::time::SystemTime;

use crate::domain::{
    FilePath, PackageId, PackageState, PageStates, ReadFailure, RegisterAnswer, Side,
    SystemVariable, VariableId,
};
use crate::poll::{Dated, Demand};

/// Reads and writes of an instance, as far as carrying out a plan needs them.
pub trait Effects: Sync {
    /// Registers the package of a step, once; never retried by the callee.
    fn register(
        &self,
        side: Side,
        package: &PackageId,
    ) -> impl Future<Output = RegisterAnswer> + Send;

    /// How often core's port refused a connection so far. If it did and core answers again, its
    /// process is another one; 0 forever if the port may be that of a server before core.
    fn core_refusals(&self, side: Side) -> u64;

    /// The time by core's clock.
    fn core_time(&self, side: Side) -> SystemTime;

    /// What the package looks like, by a reading that meets the demand.
    fn package_state(
        &self,
        side: Side,
        package: &PackageId,
        demand: Demand,
    ) -> impl Future<Output = Result<Dated<PackageState>, ReadFailure>> + Send;

    /// Asks every portal of a side for each path.
    fn pages(&self, side: Side, paths: &[FilePath]) -> impl Future<Output = PageStates> + Send;

    /// All system variables.
    fn variables(
        &self,
        side: Side,
    ) -> impl Future<Output = Result<Vec<SystemVariable>, ReadFailure>> + Send;

    /// Creates a variable (its id is ignored) and says the id that the platform gave, where it said
    /// one.
    fn create_variable(
        &self,
        side: Side,
        row: &SystemVariable,
    ) -> impl Future<Output = Result<Option<VariableId>, ReadFailure>> + Send;

    /// Writes a whole row.
    fn update_variable(
        &self,
        side: Side,
        row: &SystemVariable,
    ) -> impl Future<Output = Result<(), ReadFailure>> + Send;

    /// Removes a row.
    fn delete_variable(
        &self,
        side: Side,
        id: &VariableId,
    ) -> impl Future<Output = Result<(), ReadFailure>> + Send;
}
