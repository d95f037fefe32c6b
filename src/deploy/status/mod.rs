//! The four as they are now, and whether the main job can begin: go or no go, and why.

mod needs;

use futures::future::join_all;

use crate::deploy::env::Service;
use crate::deploy::host::Container;
use crate::deploy::up::{Conflict, Prepared, Unit};
use crate::domain::Address;
use crate::i18n::Text;
use crate::platform::{Health, HealthAnswer, HealthQuestion, SignIn, Trust};
use crate::secret::Secret;

/// One of the four.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which.
    pub component: Service,
    /// Its container, where there is one.
    pub container: Option<Container>,
    /// The image that its file names.
    pub image: String,
    /// Where it answers.
    pub address: Address,
    /// What it answers; none where its container does not run.
    pub health: Option<HealthAnswer>,
}

/// One thing that go or no go is decided by.
#[derive(Clone, Debug)]
pub struct Check {
    /// The word in JSON.
    pub what: &'static str,
    /// How it is.
    pub state: CheckState,
    /// What was seen.
    pub text: Text,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// As it must be.
    Good,
    /// Not as it must be.
    Bad,
    /// Nobody looked.
    NotTried,
}

/// Who signs in.
pub struct Login<'a> {
    /// Name of an old account.
    pub user: &'a str,
    /// Its password.
    pub password: &'a Secret,
}

/// The four, and what go or no go is decided by.
#[derive(Clone, Debug)]
pub struct Status {
    /// The four, in the document's order; without those whose file could not be read.
    pub rows: Vec<Row>,
    /// Everything that was looked at.
    pub checks: Vec<Check>,
}

impl Status {
    /// Whether the main job can begin.
    pub fn is_go(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.state != CheckState::Bad)
    }

    /// Why not; empty where it can.
    pub fn reasons(&self) -> Vec<&Check> {
        let bad = |check: &&Check| check.state == CheckState::Bad;
        self.checks.iter().filter(bad).collect()
    }
}

/// Looks at everything.
pub async fn look(
    prepared: &Prepared,
    conflicts: &[Conflict],
    login: Option<Login<'_>>,
    balancer: Option<&Address>,
) -> Status {
    let rows = join_all(prepared.units.iter().map(row)).await;
    let mut checks = Vec::new();
    // What would speak against a start speaks against the deployment too.
    checks.extend(
        conflicts
            .iter()
            .map(|conflict| bad("files", conflict.text())),
    );
    checks.extend(
        rows.iter()
            .zip(&prepared.units)
            .map(|(row, unit)| component(row, unit)),
    );
    let of = |component| {
        prepared
            .units
            .iter()
            .find(|unit| unit.component == component)
    };
    if let (Some(core), Some(portal)) = (of(Service::Core), of(Service::Portal)) {
        checks.push(versions(core, &rows));
        checks.push(through("routes", &portal.place.address, core).await);
        if let Some(balancer) = balancer {
            checks.push(through("balancer", balancer, core).await);
        }
        checks.push(sign_in(portal, login).await);
        checks.extend(needs::look(core).await);
    }
    Status { rows, checks }
}

async fn row(unit: &Unit) -> Row {
    let runs = unit.container.as_ref().is_some_and(Container::runs);
    let health = if runs {
        Some(ask(&unit.place.address, unit, unit.question()).await)
    } else {
        None
    };
    Row {
        component: unit.component,
        container: unit.container.clone(),
        image: unit.service.image.clone(),
        address: unit.place.address.clone(),
        health,
    }
}

async fn ask(address: &Address, unit: &Unit, question: HealthQuestion) -> HealthAnswer {
    match Health::new(address, &Trust::System, unit.key()) {
        Ok(health) => health.ask(question).await,
        Err(error) => HealthAnswer::Silent(error.to_string()),
    }
}

fn check(what: &'static str, state: CheckState, text: Text) -> Check {
    Check { what, state, text }
}

fn bad(what: &'static str, text: Text) -> Check {
    check(what, CheckState::Bad, text)
}

fn good(what: &'static str, text: Text) -> Check {
    check(what, CheckState::Good, text)
}

fn component(row: &Row, unit: &Unit) -> Check {
    let what = row.component.name();
    let named = |text: Text| text.with("component", row.component);
    let Some(container) = &row.container else {
        return bad(what, named(Text::new("deploy-status-no-container")));
    };
    if container.image_id != unit.image_id {
        return bad(what, named(Text::new("deploy-status-other-image")));
    }
    match &row.health {
        None => bad(
            what,
            named(Text::new("deploy-status-not-running")).with("status", &container.status),
        ),
        Some(HealthAnswer::Silent(words)) => bad(
            what,
            named(Text::new("deploy-status-silent")).with("words", words),
        ),
        Some(HealthAnswer::Wrong(words)) => bad(
            what,
            named(Text::new("deploy-status-wrong")).with("words", words),
        ),
        Some(HealthAnswer::Healthy { .. }) => good(what, named(Text::new("deploy-status-healthy"))),
    }
}

/// Core's own word for its version against its file's.
fn versions(core: &Unit, rows: &[Row]) -> Check {
    let wanted = core
        .variable("version")
        .map(|version| version.expose().to_owned());
    let row = rows.iter().find(|row| row.component == Service::Core);
    let said = row.and_then(|row| match &row.health {
        Some(HealthAnswer::Healthy { version }) => version.clone(),
        _ => None,
    });
    match (said, wanted) {
        (Some(said), Some(wanted)) if said == wanted => good(
            "versions",
            Text::new("deploy-status-version").with("said", said),
        ),
        (Some(said), Some(wanted)) => bad(
            "versions",
            Text::new("deploy-status-other-version")
                .with("said", said)
                .with("wanted", wanted),
        ),
        _ => bad("versions", Text::new("deploy-status-no-version")),
    }
}

/// The way of a browser: portal, gateway, core.
async fn through(what: &'static str, address: &Address, core: &Unit) -> Check {
    match ask(address, core, HealthQuestion::Through).await {
        HealthAnswer::Healthy { .. } => good(
            what,
            Text::new("deploy-status-through").with("address", address),
        ),
        HealthAnswer::Silent(words) | HealthAnswer::Wrong(words) => bad(
            what,
            Text::new("deploy-status-not-through")
                .with("address", address)
                .with("words", words),
        ),
    }
}

/// Signs in through the portal, as the document has people do.
async fn sign_in(portal: &Unit, login: Option<Login<'_>>) -> Check {
    let Some(login) = login else {
        return check(
            "login",
            CheckState::NotTried,
            Text::new("deploy-status-no-login"),
        );
    };
    let health = match Health::new(&portal.place.address, &Trust::System, None) {
        Ok(health) => health,
        Err(error) => {
            return bad(
                "login",
                Text::new("deploy-status-login-not-asked").with("words", error),
            );
        }
    };
    match health.sign_in(login.user, login.password).await {
        SignIn::Ok { encrypted: true } => good(
            "login",
            Text::new("deploy-status-login-encrypted").with("user", login.user),
        ),
        SignIn::Ok { encrypted: false } => good(
            "login",
            Text::new("deploy-status-login").with("user", login.user),
        ),
        SignIn::Refused(words) => bad(
            "login",
            Text::new("deploy-status-login-refused")
                .with("user", login.user)
                .with("words", words),
        ),
        SignIn::NotAsked(words) => bad(
            "login",
            Text::new("deploy-status-login-not-asked").with("words", words),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_tried_is_no_reason() {
        let mut status = Status {
            rows: Vec::new(),
            checks: vec![
                good("s3", Text::new("deploy-status-healthy")),
                check(
                    "login",
                    CheckState::NotTried,
                    Text::new("deploy-status-no-login"),
                ),
            ],
        };
        assert!(status.is_go() && status.reasons().is_empty());
        status
            .checks
            .push(bad("ssh", Text::new("deploy-status-no-version")));
        assert!(!status.is_go());
        assert_eq!(status.reasons()[0].what, "ssh");
    }
}
