//! The real [`Effects`]: what `apply` does to running instances.

use std::time::Duration;

use super::connection::{Reader, Writer};
use super::endpoints;
use super::probe::{Depth, Prober};
use super::register_error::register_answer;
use super::retry::Sent;
use crate::apply::Effects;
use crate::domain::{
    FailureKind, FilePath, PackageId, PackageState, PageStates, ReadFailure, RegisterAnswer,
    RegisterError, ResourceFile, Side, SystemVariable, Transience, VariableId,
};
use crate::plan::Step;

/// Instances that may be written, and those that are only looked at.
pub struct PlatformEffects {
    new: Option<Access>,
    old: Option<Access>,
    register_time: Duration,
    depth: Depth,
}

/// What may be done to one side.
pub enum Access {
    /// Look.
    Read(Reader),
    /// Look and write.
    Write(Writer),
}

impl Access {
    fn reader(&self) -> &Reader {
        match self {
            Self::Read(reader) => reader,
            Self::Write(writer) => writer.reader(),
        }
    }
}

impl PlatformEffects {
    /// Effects on the sides that are there. A register's answer is waited for as long as its effect
    /// would be (`--unknown-after`); with `deep` pages are compared by their bytes.
    pub fn new(
        new: Option<Access>,
        old: Option<Access>,
        register_time: Duration,
        deep: bool,
    ) -> Self {
        Self {
            new,
            old,
            register_time,
            depth: if deep { Depth::Bytes } else { Depth::Head },
        }
    }

    fn access(&self, side: Side) -> Option<&Access> {
        match side {
            Side::New => self.new.as_ref(),
            Side::Old => self.old.as_ref(),
        }
    }

    fn reader(&self, side: Side) -> Result<&Reader, ReadFailure> {
        self.access(side)
            .map(Access::reader)
            .ok_or_else(|| not_there(side))
    }

    fn writer(&self, side: Side) -> Result<&Writer, ReadFailure> {
        match self.access(side) {
            Some(Access::Write(writer)) => Ok(writer),
            _ => Err(not_there(side)),
        }
    }
}

/// A plan never names a side that is not there or was not confirmed; if it did, nothing is sent.
fn not_there(side: Side) -> ReadFailure {
    ReadFailure {
        kind: FailureKind::NotAsked,
        operation: "access",
        target: side.as_str().to_owned(),
        detail: "the side may not be used so".to_owned(),
    }
}

impl Effects for PlatformEffects {
    async fn register(&self, step: &Step) -> RegisterAnswer {
        let writer = match self.writer(step.id.side) {
            Ok(writer) => writer,
            Err(failure) => return unsent(&failure),
        };
        let reader = writer.reader();
        let request = endpoints::register(&step.package);
        let limits = reader
            .transport()
            .limits()
            .with_answer_after(self.register_time);
        match reader.transport().call_within(&request, &limits).await {
            Ok(answer) => {
                let expect = reader.expect(&request.via);
                register_answer(reader.driver().generation(), &answer, expect)
            }
            Err(error) if error.sent == Sent::No => unsent(&ReadFailure::from(error)),
            Err(error) => RegisterAnswer::Lost {
                cause: error.to_string(),
            },
        }
    }

    async fn package_state(
        &self,
        side: Side,
        package: &PackageId,
    ) -> Result<PackageState, ReadFailure> {
        let reader = self.reader(side)?;
        let (packages, rows) = futures::join!(reader.packages(), reader.resource_files());
        let packages = packages?;
        let package = packages
            .iter()
            .map(|listed| &listed.package)
            .find(|listed| listed.id == *package)
            .ok_or_else(|| ReadFailure {
                kind: FailureKind::Refused,
                operation: "packages.list",
                target: reader.identity().core.to_string(),
                detail: format!("no package has the id {package} any more"),
            })?;
        let rows = rows?;
        let of_package = |row: &&ResourceFile| {
            row.package_name == package.name && row.package_version == package.version
        };
        let rows: Vec<&ResourceFile> = rows.iter().filter(of_package).collect();
        Ok(PackageState {
            status: package.status.clone(),
            uploaded: package.uploaded.clone(),
            updated_time: package.updated_time.clone(),
            ui_active: package.ui_active,
            file_rows: rows.iter().map(|row| row.id.clone()).collect(),
            pages: rows
                .into_iter()
                .map(|row| &row.path)
                .filter(|path| path.is_script_or_style())
                .cloned()
                .collect(),
        })
    }

    async fn pages(&self, side: Side, paths: &[FilePath]) -> PageStates {
        match self.reader(side) {
            Ok(reader) => {
                let prober = Prober::new(reader.transport(), &reader.identity().portals);
                prober.ask(paths, self.depth).await
            }
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

/// Nothing reached the platform: refused, for a reason that others would meet too.
/// The request never left. A core that is being started again answers a little later, so that is tried
/// once more, alone.
fn unsent(failure: &ReadFailure) -> RegisterAnswer {
    let error = RegisterError::shared_by_all(failure).unwrap_or_else(|| RegisterError {
        transience: Transience::Permanent,
        message: failure.to_string(),
        cause: RegisterError::UNREACHABLE,
        shared: true,
        retry_after: None,
    });
    RegisterAnswer::Refused(match failure.kind {
        FailureKind::Unreachable => RegisterError {
            transience: Transience::Ambiguous,
            retry_after: Some(RESTART),
            ..error
        },
        _ => error,
    })
}

/// What a core that is being started again takes to listen, about.
const RESTART: Duration = Duration::from_secs(5);
