//! The only way in which `apply` touches an instance. `platform` has the real one; tests have a fake
//! with a virtual clock.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use crate::domain::{
    Address, FailureKind, FilePath, FileState, PackageId, ReadFailure, Side, SystemVariable,
    VariableId,
};
use crate::plan::{PackageState, Step};

/// What each portal answered for each path.
pub type PageStates = BTreeMap<FilePath, BTreeMap<Address, FileState>>;

/// What came back from one register call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterAnswer {
    /// The platform said OK. Nothing is proven yet.
    Accepted,
    /// The platform said ERROR, or the call was refused before it could have an effect.
    Refused(RegisterError),
    /// The request was sent (or may have been), and no answer came: the register may still be running.
    Lost {
        /// What happened, one line.
        cause: String,
    },
}

/// Why a register was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterError {
    /// Whether asking again can help.
    pub transience: Transience,
    /// The platform's words, escaped, one line.
    pub message: String,
    /// A key of the cause table (`explain` knows it), e.g. `ssh_password`.
    pub cause: &'static str,
    /// Whether every other plugin would fail for the same reason.
    pub shared: bool,
    /// A wait that the server asked for, capped.
    pub retry_after: Option<Duration>,
}

impl RegisterError {
    /// [`RegisterError::cause`] where the token was refused.
    pub const TOKEN_REFUSED: &'static str = "token_refused";
    /// [`RegisterError::cause`] where the token is good and not allowed to.
    pub const PERMISSION_DENIED: &'static str = "permission";
    /// [`RegisterError::cause`] where no connection could be made.
    pub const UNREACHABLE: &'static str = "unreachable";
    /// [`RegisterError::cause`] where the answer is not one of this platform's.
    pub const NOT_WECUBE: &'static str = "not_wecube";

    /// The failure of a read before a register, where every register would meet it too.
    pub fn shared_by_all(failure: &ReadFailure) -> Option<Self> {
        let cause = match failure.kind {
            FailureKind::TokenRefused => Self::TOKEN_REFUSED,
            FailureKind::PermissionDenied => Self::PERMISSION_DENIED,
            FailureKind::Unreachable => Self::UNREACHABLE,
            FailureKind::NotWecube | FailureKind::Redirected => Self::NOT_WECUBE,
            _ => return None,
        };
        Some(Self {
            transience: Transience::Permanent,
            message: failure.to_string(),
            cause,
            shared: true,
            retry_after: None,
        })
    }
}

/// Whether asking again can help (`measured.md`, "Register").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transience {
    /// Overload: fewer in flight, and again.
    Overload,
    /// Overload or a fault that stays (exit status 1 or 255): once more, alone, settles it.
    Ambiguous,
    /// It stays so until a person does something.
    Permanent,
}

/// Reads and writes of an instance, as far as carrying out a plan needs them.
pub trait Effects: Sync {
    /// Registers the package of a step, once; never retried by the callee.
    fn register(&self, step: &Step) -> impl Future<Output = RegisterAnswer> + Send;

    /// Reads what the package looks like now.
    fn package_state(
        &self,
        side: Side,
        package: &PackageId,
    ) -> impl Future<Output = Result<PackageState, ReadFailure>> + Send;

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
