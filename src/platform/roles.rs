//! What each given address is, judged from what it answered. Pure.
//!
//! Gateway and portal both forward to core, so a version alone says nothing of a role. What tells them
//! apart (`docs/platform/gateway.md#which-server-answers`): only a portal has a page at `/` or answers
//! for static files itself, only a gateway (or what forwards to one) lists routes at
//! `/gateway/v1/route-items`, and core has neither. Who has no version of core and no routes is none of
//! them.

use std::collections::BTreeMap;

use crate::domain::{Address, FailureCause, FailureKind, PlatformVersion, ReadFailure, Role, Side};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// An address, what it was given as, and what it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) side: Side,
    pub(super) role: Role,
    pub(super) address: Address,
    /// What it is.
    pub(super) is: Result<Role, ReadFailure>,
    /// It is proven to be no server of the platform.
    pub(super) is_foreign: bool,
    /// The instance that it belongs to or forwards to.
    pub(super) leads_to: LeadsTo,
}

/// The instance behind an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LeadsTo {
    /// The one of that version.
    Version(PlatformVersion),
    /// A v4, which tells its version to nobody without a token.
    SomeV4,
    /// It did not say.
    Untold(ReadFailure),
}

impl LeadsTo {
    /// Whether it may be the instance of that version.
    fn may_be(&self, version: &PlatformVersion) -> bool {
        match self {
            Self::Version(told) => told == version,
            Self::SomeV4 => version.may_be_v4(),
            Self::Untold(_) => true,
        }
    }
}

/// What an address answered to one of the two questions that only one server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signature {
    /// It has what was asked for.
    Present,
    /// It says that it does not have it.
    Absent,
    /// Neither.
    Unclear(ReadFailure),
}

/// What a server is that answers so at `/`, at the gateway's list of routes and as core.
pub(super) fn role_of(
    page: Signature,
    routes: Signature,
    core: Result<(), ReadFailure>,
) -> Result<Role, ReadFailure> {
    if let Err(failure) = &core
        && matches!(
            failure.kind,
            FailureKind::NotWecube | FailureKind::Unreachable | FailureKind::Redirected
        )
    {
        // A login page that is served for everything is not a portal of ours.
        return Err(failure.clone());
    }
    match (page, routes) {
        (Signature::Present, _) => Ok(Role::Portal),
        (Signature::Absent, Signature::Present) => Ok(Role::Gateway),
        (Signature::Absent, Signature::Absent) => core.map(|()| Role::Core),
        (Signature::Unclear(failure), _) | (_, Signature::Unclear(failure)) => Err(failure),
    }
}

/// Judges all addresses of the instances together: those that are not proven to be what they were
/// given as, by side.
///
/// # Errors
///
/// If an address is something else.
pub(super) fn judge(claims: &[Claim]) -> Result<BTreeMap<Side, Vec<ReadFailure>>, WrongAddresses> {
    let judge = Judge { claims };
    let wrong: Vec<_> = claims.iter().filter_map(|it| judge.wrong(it)).collect();
    if !wrong.is_empty() {
        return Err(WrongAddresses(wrong));
    }
    let mut unproven: BTreeMap<Side, Vec<ReadFailure>> = BTreeMap::new();
    for claim in claims {
        if let Some(failure) = judge.unproven(claim) {
            unproven.entry(claim.side).or_default().push(failure);
        }
    }
    Ok(unproven)
}

struct Judge<'a> {
    claims: &'a [Claim],
}

impl<'a> Judge<'a> {
    fn of_side(&self, side: Side) -> impl Iterator<Item = &'a Claim> {
        self.claims.iter().filter(move |claim| claim.side == side)
    }

    /// The version that core's address of a side tells.
    fn core(&self, side: Side) -> Option<&'a PlatformVersion> {
        let mut cores = self.of_side(side).filter(|claim| claim.role == Role::Core);
        match &cores.next()?.leads_to {
            LeadsTo::Version(version) => Some(version),
            _ => None,
        }
    }

    /// The version that a side's addresses lead to: core's, unless both sides' cores are exchanged,
    /// which is so if most addresses of each side lead to the other core, and new is older than old.
    fn expected(&self, side: Side) -> Option<&'a PlatformVersion> {
        let own = self.core(side)?;
        let Some(other) = self.core(side.other()) else {
            return Some(own);
        };
        let votes = |side: Side, version| {
            let of_side = self.of_side(side);
            of_side.filter(|it| it.leads_to.may_be(version)).count()
        };
        let new_is_older = match side {
            Side::New => own.numbers < other.numbers,
            Side::Old => other.numbers < own.numbers,
        };
        let exchanged = new_is_older
            && votes(side, other) > votes(side, own)
            && votes(side.other(), own) > votes(side.other(), other);
        Some(if exchanged { other } else { own })
    }

    fn wrong(&self, claim: &'a Claim) -> Option<WrongAddress> {
        let elsewhere = || {
            let expected = self.expected(claim.side)?;
            (!claim.leads_to.may_be(expected)).then(|| AddressFault::NotOf(expected.clone()))
        };
        let foreign = claim.is_foreign.then_some(AddressFault::Foreign);
        let fault = foreign.or_else(|| self.other_role(claim).map(AddressFault::Is));
        Some(WrongAddress {
            side: claim.side,
            given_as: claim.role,
            address: claim.address.clone(),
            fault: fault.or_else(elsewhere)?,
            right: self.right(claim.side, claim.role),
        })
    }

    /// The role that the address has instead of the one that it was given as.
    fn other_role(&self, claim: &Claim) -> Option<Role> {
        let is = *claim.is.as_ref().ok()?;
        let merged = match (claim.role, is) {
            (given, is) if given == is => return None,
            // Core's API through a gateway or a balancer works, unless core itself is given elsewhere.
            (Role::Core, Role::Gateway) => self.right(claim.side, Role::Core).is_none(),
            // One address in front of gateway and portal.
            (Role::Gateway, Role::Portal) => {
                let mut portals = self.of_side(claim.side);
                portals.any(|it| it.role == Role::Portal && it.address == claim.address)
            }
            _ => false,
        };
        (!merged).then_some(is)
    }

    /// The given address that is this server of this side.
    fn right(&self, side: Side, role: Role) -> Option<Address> {
        let expected = self.expected(side);
        let fits = |claim: &&Claim| {
            let told = !matches!(claim.leads_to, LeadsTo::Untold(_));
            let leads_here = match expected {
                Some(version) => claim.leads_to.may_be(version),
                None => claim.side == side,
            };
            let given_so = (claim.side, claim.role) == (side, role);
            claim.is == Ok(role) && told && leads_here && !given_so
        };
        let all = self.of_side(side).chain(self.of_side(side.other()));
        all.filter(fits).map(|claim| claim.address.clone()).next()
    }

    fn unproven(&self, claim: &Claim) -> Option<ReadFailure> {
        let ambiguous = |cause| ReadFailure {
            kind: FailureKind::Ambiguous,
            operation: claim.role.as_str(),
            target: claim.address.to_string(),
            cause,
        };
        let failed = |failure: &ReadFailure| ReadFailure {
            operation: claim.role.as_str(),
            ..failure.clone()
        };
        match (&claim.is, &claim.leads_to) {
            (Ok(is), _) if *is != claim.role => Some(ambiguous(FailureCause::AnswersAs(*is))),
            (Err(failure), _) if claim.role == Role::Portal && has_answered(failure) => {
                let cause = Box::new(failure.cause.clone());
                Some(ReadFailure {
                    cause: FailureCause::NotIdentified(cause),
                    ..failed(failure)
                })
            }
            (Err(failure), _) | (Ok(_), LeadsTo::Untold(failure)) => Some(failed(failure)),
            (Ok(_), leads_to) => {
                let other = self.core(claim.side.other())?;
                (claim.role != Role::Core && leads_to.may_be(other))
                    .then(|| ambiguous(FailureCause::OfEitherInstance))
            }
        }
    }
}

fn has_answered(failure: &ReadFailure) -> bool {
    let silent = [FailureKind::Unreachable, FailureKind::NoAnswer];
    !silent.contains(&failure.kind)
}

/// Addresses that are not what they were given as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongAddresses(Vec<WrongAddress>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct WrongAddress {
    side: Side,
    given_as: Role,
    address: Address,
    fault: AddressFault,
    right: Option<Address>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum AddressFault {
    /// It is another server.
    Is(Role),
    /// It is no server of the platform.
    Foreign,
    /// It belongs to another instance than the one of this version.
    NotOf(PlatformVersion),
}

impl WrongAddress {
    fn message(&self) -> Text {
        let text = match &self.fault {
            AddressFault::Is(role) => Text::new("role-wrong").nested("is", role.text()),
            AddressFault::Foreign => Text::new("role-foreign"),
            AddressFault::NotOf(version) => {
                Text::new("role-wrong-instance").with("version", version)
            }
        };
        text.with("address", &self.address)
            .nested("side", self.side.label())
            .nested("role", self.given_as.text())
    }

    fn hint(&self) -> Text {
        let text = match &self.right {
            Some(right) => Text::new("role-hint-right").with("right", right),
            None => Text::new("role-hint-none").with(
                "port",
                match self.given_as {
                    Role::Core => 8000,
                    Role::Gateway => 8005,
                    Role::Portal => 8080,
                },
            ),
        };
        text.with("flag", format!("{}-{}", self.side, self.given_as.as_str()))
            .nested("side", self.side.label())
            .nested("role", self.given_as.text())
    }
}

impl Failure for WrongAddresses {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        let first = self.0.first().map(WrongAddress::message);
        first.unwrap_or_else(|| Text::new("role-wrong"))
    }

    fn messages(&self) -> Vec<Text> {
        self.0.iter().map(WrongAddress::message).collect()
    }

    fn hints(&self) -> Vec<Text> {
        self.0.iter().map(WrongAddress::hint).collect()
    }
}

#[cfg(test)]
#[path = "roles/tests.rs"]
mod tests;
