//! Looks at the components and decides go or no go.

use futures::future::join_all;

use super::check::{CheckState, StatusCheck, StatusCheckKind as Kind};
use super::needs;
use crate::deploy::env::Service;
use crate::deploy::host::Container;
use crate::deploy::up::{ComponentPlan, StartConflict, StartPlan};
use crate::domain::{Address, FailureCause};
use crate::i18n::Text;
use crate::platform::{Health, HealthAnswer, HealthQuestion, SignIn, Trust};
use crate::secret::Secret;

/// The state of one component.
#[derive(Clone, Debug)]
pub struct ComponentStatus {
    /// The component.
    pub component: Service,
    /// Its container, if there is one.
    pub container: Option<Container>,
    /// The image that its file names.
    pub image: String,
    /// Its address.
    pub address: Address,
    /// Its health answer; `None` if its container does not run.
    pub health: Option<HealthAnswer>,
}

/// The account of a test login.
pub struct LoginAccount<'a> {
    /// Name of an account of the old instance.
    pub user: &'a str,
    /// Its password.
    pub password: &'a Secret,
}

/// The components and all checks.
#[derive(Clone, Debug)]
pub struct Status {
    /// The components, without those whose file cannot be read.
    pub components: Vec<ComponentStatus>,
    /// The checks.
    pub checks: Vec<StatusCheck>,
}

impl Status {
    /// The failed checks.
    pub fn failed(&self) -> impl Iterator<Item = &StatusCheck> {
        let failed = |check: &&StatusCheck| check.state == CheckState::Bad;
        self.checks.iter().filter(failed)
    }
}

/// Runs all checks.
pub async fn survey(
    prepared: &StartPlan,
    conflicts: &[StartConflict],
    login: Option<LoginAccount<'_>>,
    balancer: Option<&Address>,
) -> Status {
    let components = join_all(prepared.units.iter().map(component_status)).await;
    // A conflict that prevents a start is a fault of a running deployment too.
    let conflicts = conflicts.iter();
    let mut checks: Vec<StatusCheck> = conflicts
        .map(|conflict| StatusCheck::bad(Kind::Files, conflict.message()))
        .collect();
    let pairs = components.iter().zip(&prepared.units);
    checks.extend(pairs.map(|(status, unit)| check_component(status, unit)));
    let of = |service| prepared.units.iter().find(|unit| unit.component == service);
    if let (Some(core), Some(portal)) = (of(Service::Core), of(Service::Portal)) {
        checks.push(check_version(core, &components));
        checks.push(check_route(Kind::Routes, &portal.endpoint.address, core).await);
        if let Some(balancer) = balancer {
            checks.push(check_route(Kind::Balancer, balancer, core).await);
        }
        checks.push(check_login(portal, login).await);
        checks.extend(needs::check(core).await);
    }
    Status { components, checks }
}

async fn component_status(unit: &ComponentPlan) -> ComponentStatus {
    let runs = unit.container.as_ref().is_some_and(Container::is_running);
    let health = if runs {
        Some(ask(&unit.endpoint.address, unit, unit.question()).await)
    } else {
        None
    };
    ComponentStatus {
        component: unit.component,
        container: unit.container.clone(),
        image: unit.service.image.clone(),
        address: unit.endpoint.address.clone(),
        health,
    }
}

async fn ask(address: &Address, unit: &ComponentPlan, question: HealthQuestion) -> HealthAnswer {
    match Health::new(address, &Trust::SYSTEM, unit.key()) {
        Ok(health) => health.ask(question).await,
        Err(error) => HealthAnswer::Silent(error.into()),
    }
}

fn check_component(status: &ComponentStatus, unit: &ComponentPlan) -> StatusCheck {
    let kind = Kind::Component(status.component);
    let bad = |message: Text| StatusCheck::bad(kind, message.with("component", status.component));
    let Some(container) = &status.container else {
        return bad(Text::new("deploy-status-no-container"));
    };
    if container.image_id != unit.image_id {
        return bad(Text::new("deploy-status-different-image"));
    }
    match &status.health {
        None => bad(Text::new("deploy-status-not-running").with("status", &container.status)),
        Some(HealthAnswer::Silent(words)) => {
            bad(Text::new("deploy-status-silent").nested("words", words.message()))
        }
        Some(HealthAnswer::Wrong(words)) => {
            bad(Text::new("deploy-status-wrong").nested("words", words.message()))
        }
        Some(HealthAnswer::Healthy { .. }) => {
            let message = Text::new("deploy-status-healthy");
            StatusCheck::good(kind, message.with("component", status.component))
        }
    }
}

/// Compares the version that core reports with that of its file.
fn check_version(core: &ComponentPlan, components: &[ComponentStatus]) -> StatusCheck {
    let wanted = core.variable("version").map(Secret::expose);
    let status = components.iter().find(|it| it.component == Service::Core);
    let reported = status.and_then(|status| match &status.health {
        Some(HealthAnswer::Healthy { version }) => version.as_deref(),
        _ => None,
    });
    match (reported, wanted) {
        (Some(reported), Some(wanted)) if reported == wanted => StatusCheck::good(
            Kind::Version,
            Text::new("deploy-status-version").with("reported", reported),
        ),
        (Some(reported), Some(wanted)) => StatusCheck::bad(
            Kind::Version,
            Text::new("deploy-status-other-version")
                .with("reported", reported)
                .with("wanted", wanted),
        ),
        _ => StatusCheck::bad(Kind::Version, Text::new("deploy-status-no-version")),
    }
}

/// Asks core through portal and gateway, as a browser does.
async fn check_route(kind: Kind, address: &Address, core: &ComponentPlan) -> StatusCheck {
    match ask(address, core, HealthQuestion::Through).await {
        HealthAnswer::Healthy { .. } => StatusCheck::good(
            kind,
            Text::new("deploy-status-through").with("address", address),
        ),
        HealthAnswer::Silent(words) | HealthAnswer::Wrong(words) => StatusCheck::bad(
            kind,
            Text::new("deploy-status-not-through")
                .with("address", address)
                .nested("words", words.message()),
        ),
    }
}

/// Logs in through the portal, as users do.
async fn check_login(portal: &ComponentPlan, login: Option<LoginAccount<'_>>) -> StatusCheck {
    let kind = Kind::Login;
    let Some(login) = login else {
        let message = Text::new("deploy-status-no-login");
        return StatusCheck::new(kind, CheckState::NotTested, message);
    };
    let not_asked = |words: FailureCause| {
        let message = Text::new("deploy-status-login-not-asked");
        StatusCheck::bad(kind, message.nested("words", words.message()))
    };
    let health = match Health::new(&portal.endpoint.address, &Trust::SYSTEM, None) {
        Ok(health) => health,
        Err(error) => return not_asked(error.into()),
    };
    match health.sign_in(login.user, login.password).await {
        SignIn::Ok { encrypted } => {
            let message = if encrypted {
                Text::new("deploy-status-login-encrypted")
            } else {
                Text::new("deploy-status-login")
            };
            StatusCheck::good(kind, message.with("user", login.user))
        }
        SignIn::Refused(words) => StatusCheck::bad(
            kind,
            Text::new("deploy-status-login-refused")
                .with("user", login.user)
                .nested("words", words.message()),
        ),
        SignIn::NotAsked(words) => not_asked(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_go_unless_a_check_failed() {
        let text = || Text::new("deploy-status-no-version");
        let mut status = Status {
            components: Vec::new(),
            checks: vec![
                StatusCheck::good(Kind::S3, text()),
                StatusCheck::new(Kind::Login, CheckState::NotTested, text()),
            ],
        };
        assert!(status.failed().next().is_none());
        status.checks.push(StatusCheck::bad(Kind::Ssh, text()));
        assert!(status.failed().next().is_some());
        assert_eq!(status.failed().next().unwrap().kind, Kind::Ssh);
    }
}
