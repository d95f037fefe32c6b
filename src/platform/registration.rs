//! One registration as HTTP sees it: the call, and what can be read of its package before and after.

use std::time::Duration;

use super::connection::{Reader, Writer};
use super::endpoints;
use super::probe::{Depth, Prober};
use super::register_error::register_answer;
use super::retry::Sent;
use crate::domain::{
    FailureCause, FailureKind, FilePath, PackageId, PackageState, PageStates, ReadFailure,
    RegisterAnswer, RegisterError, ResourceFile, Transience,
};
use crate::poll::{Dated, Demand};

/// About what a core that is being restarted takes to listen again.
const RESTART: Duration = Duration::from_secs(5);

impl Writer {
    /// Registers a package, once. Its answer is waited for `within`.
    pub async fn register(&self, package: &PackageId, within: Duration) -> RegisterAnswer {
        let reader = self.reader();
        let request = endpoints::register(package);
        let limits = reader.transport().limits().with_answer_after(within);
        match reader.transport().call_within(&request, &limits).await {
            Ok(answer) => {
                let expect = reader.expect(&request.via);
                register_answer(reader.driver().generation(), &answer, expect)
            }
            Err(error) if error.sent == Sent::No => not_sent(&ReadFailure::from(error)),
            Err(error) => {
                let cause = ReadFailure::from(error).located_cause();
                RegisterAnswer::Lost(RegisterError::lost(cause))
            }
        }
    }
}

impl Reader {
    /// What a package looks like, by a reading that meets the demand.
    pub async fn package_state(
        &self,
        package: &PackageId,
        demand: Demand,
    ) -> Result<Dated<PackageState>, ReadFailure> {
        let (packages, rows) = futures::join!(self.packages(demand), self.resource_files(demand));
        let packages = packages?;
        let package = packages
            .value
            .iter()
            .map(|listed| &listed.package)
            .find(|listed| listed.id == *package)
            .ok_or_else(|| ReadFailure {
                kind: FailureKind::Refused,
                operation: "packages.list",
                target: self.identity().core.to_string(),
                cause: FailureCause::NoPackage(package.clone()),
            })?;
        let rows = rows?;
        let of_package = |row: &&ResourceFile| {
            row.package_name == package.name && row.package_version == package.version
        };
        let of_package: Vec<&ResourceFile> = rows.value.iter().filter(of_package).collect();
        let state = PackageState {
            status: package.status.clone(),
            uploaded: package.uploaded.clone(),
            updated_time: package.updated_time.clone(),
            ui_active: package.ui_active,
            file_rows: of_package.iter().map(|row| row.id.clone()).collect(),
            pages: of_package
                .into_iter()
                .map(|row| &row.path)
                .filter(|path| path.is_script_or_style())
                .cloned()
                .collect(),
        };
        Ok(Dated {
            begun: packages.begun.min(rows.begun),
            value: state,
        })
    }

    /// What every portal of this instance answers for each path; `deep` compares bytes.
    pub async fn page_states(&self, paths: &[FilePath], deep: bool) -> PageStates {
        let depth = if deep { Depth::Bytes } else { Depth::Sample };
        let prober = Prober::new(self.transport(), &self.identity().portals, self.unproven());
        prober.ask_all(paths, depth).await
    }
}

/// The request never left. A core that is being restarted answers a little later.
fn not_sent(failure: &ReadFailure) -> RegisterAnswer {
    let error = RegisterError::shared_by_all(failure).unwrap_or_else(|| RegisterError {
        transience: Transience::Permanent,
        detail: failure.located_cause(),
        cause: RegisterError::UNREACHABLE,
        shared: true,
        retry_after: None,
    });
    RegisterAnswer::Refused(match failure.kind {
        FailureKind::Unreachable => RegisterError {
            transience: Transience::Away,
            retry_after: Some(RESTART),
            ..error
        },
        _ => error,
    })
}

#[cfg(test)]
#[path = "registration/tests.rs"]
mod tests;
