//! The port of `apply`, carried out on running instances.

use std::time::{Duration, SystemTime};

use crate::apply::Effects;
use crate::domain::{
    FailureCause, FailureKind, FilePath, PackageId, PackageState, PageStates, ReadFailure,
    RegisterAnswer, RegisterError, Side, SystemVariable, Transience, VariableId,
};
use crate::platform::{Reader, Writer};
use crate::poll::{Dated, Demand};

/// What may be done to one side.
pub enum SideAccess {
    /// Read.
    Read(Reader),
    /// Read and write.
    Write(Writer),
}

impl SideAccess {
    fn reader(&self) -> &Reader {
        match self {
            Self::Read(reader) => reader,
            Self::Write(writer) => writer.reader(),
        }
    }
}

/// Reads and writes of the instances of a run.
pub struct InstanceEffects {
    /// The new side, if there is one.
    pub new: Option<SideAccess>,
    /// The old side, if there is one.
    pub old: Option<SideAccess>,
    /// How long the answer to a registration is waited for (`--unknown-after`).
    pub register_time: Duration,
    /// Whether pages are compared by their bytes (`--deep`).
    pub deep: bool,
}

impl InstanceEffects {
    fn access(&self, side: Side) -> Option<&SideAccess> {
        match side {
            Side::New => self.new.as_ref(),
            Side::Old => self.old.as_ref(),
        }
    }

    fn reader(&self, side: Side) -> Result<&Reader, ReadFailure> {
        let access = self.access(side).ok_or_else(|| no_access(side))?;
        Ok(access.reader())
    }

    fn writer(&self, side: Side) -> Result<&Writer, ReadFailure> {
        match self.access(side) {
            Some(SideAccess::Write(writer)) => Ok(writer),
            _ => Err(no_access(side)),
        }
    }
}

/// A plan never names a side that is absent or was not confirmed; if it did, nothing is sent.
fn no_access(side: Side) -> ReadFailure {
    ReadFailure {
        kind: FailureKind::NotAsked,
        operation: "access",
        target: side.as_str().to_owned(),
        cause: FailureCause::SideNotOpened,
    }
}

impl Effects for InstanceEffects {
    async fn register(&self, side: Side, package: &PackageId) -> RegisterAnswer {
        match self.writer(side) {
            Ok(writer) => writer.register(package, self.register_time).await,
            Err(failure) => RegisterAnswer::Refused(RegisterError {
                transience: Transience::Permanent,
                detail: failure.located_cause(),
                cause: RegisterError::UNREACHABLE,
                shared: true,
                retry_after: None,
            }),
        }
    }

    fn core_refusals(&self, side: Side) -> u64 {
        self.reader(side).map_or(0, Reader::core_refusals)
    }

    fn core_time(&self, side: Side) -> SystemTime {
        let now = SystemTime::now();
        let offset = self.reader(side).ok().and_then(Reader::clock_offset_s);
        let offset = offset.unwrap_or_default();
        let by = Duration::from_secs(offset.unsigned_abs());
        let told = if offset < 0 {
            now.checked_sub(by)
        } else {
            now.checked_add(by)
        };
        told.unwrap_or(now)
    }

    async fn package_state(
        &self,
        side: Side,
        package: &PackageId,
        demand: Demand,
    ) -> Result<Dated<PackageState>, ReadFailure> {
        self.reader(side)?.package_state(package, demand).await
    }

    async fn pages(&self, side: Side, paths: &[FilePath]) -> PageStates {
        match self.reader(side) {
            Ok(reader) => reader.page_states(paths, self.deep).await,
            Err(_) => PageStates::new(),
        }
    }

    async fn variables(&self, side: Side) -> Result<Vec<SystemVariable>, ReadFailure> {
        self.reader(side)?.variables().await
    }

    async fn create_variable(
        &self,
        side: Side,
        row: &SystemVariable,
    ) -> Result<Option<VariableId>, ReadFailure> {
        self.writer(side)?.create_variable(row).await
    }

    async fn update_variable(&self, side: Side, row: &SystemVariable) -> Result<(), ReadFailure> {
        self.writer(side)?.update_variable(row).await
    }

    async fn delete_variable(&self, side: Side, id: &VariableId) -> Result<(), ReadFailure> {
        self.writer(side)?.delete_variable(id).await
    }
}
