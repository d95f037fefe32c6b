//! Starts the components one after the other and waits for each.

use std::time::Duration;

use super::prepare::{ComponentPlan, StartAction, StartPlan};
use super::record::{RecordError, RecordFile, ReplacedContainer, StartRecord};
use super::watch::{Expected, Observation, StartResult, StartWatch, WaitReason, WatchDecision};
use crate::confirm::Confirmation;
use crate::deploy::env::Service;
use crate::deploy::host::{Compose, Container, Engine, EngineError};
use crate::error::{CommandError, Failure};
use crate::i18n::Text;
use crate::platform::{Health, HealthAnswer, Trust};
use crate::poll::Poll;

/// Log lines shown of a failed component.
const LOG_LINES: usize = 20;

/// Time limits of a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitLimits {
    /// Longest wait for a container to become healthy.
    pub per_container: Duration,
    /// Pause between two observations.
    pub interval: Duration,
}

/// Progress of a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartEvent {
    /// Stopping a container that is replaced.
    Stopping(String),
    /// Starting a container that was replaced.
    StartingAgain(String),
    /// Starting a component.
    Starting(Service),
    /// Waiting for a component.
    Waiting(Service, WaitReason),
    /// A start ended.
    Ended(Service, StartResult),
}

impl StartEvent {
    /// The event for people.
    pub fn message(&self) -> Text {
        match self {
            Self::Stopping(name) => Text::new("deploy-up-stopping").with("name", name),
            Self::StartingAgain(name) => Text::new("deploy-up-starting").with("component", name),
            Self::Starting(component) => {
                Text::new("deploy-up-starting").with("component", component)
            }
            Self::Waiting(component, reason) => Text::new("deploy-up-waiting")
                .with("component", component)
                .nested("reason", reason.message()),
            Self::Ended(component, result) => Text::new("deploy-up-ended")
                .with("component", component)
                .nested("result", result.message()),
        }
    }
}

/// The outcome of one component.
#[derive(Clone, Debug)]
pub struct ComponentOutcome {
    /// The component.
    pub component: Service,
    /// The planned action.
    pub action: StartAction,
    /// Its result; `None` if an earlier component failed.
    pub result: Option<StartResult>,
    /// Its container.
    pub container: Option<Container>,
    /// Its last log lines, secrets hidden, if it failed.
    pub log: Vec<String>,
}

/// The outcome of a start.
pub struct StartReport {
    /// Each component.
    pub outcomes: Vec<ComponentOutcome>,
    /// The record could not be written; nothing is started without it.
    pub record_failed: Option<RecordError>,
}

/// Stops the containers that are replaced. The record names each first, so that it can be started again.
pub async fn stop_replaced(
    engine: &Engine,
    prepared: &StartPlan,
    file: &RecordFile,
    _: &Confirmation,
    on_event: &mut dyn FnMut(StartEvent),
) -> Result<(), CommandError> {
    if prepared.replaced.is_empty() {
        return Ok(());
    }
    let mut record = file.read()?;
    record.root.clone_from(&prepared.deployment.root);
    let kept: Vec<(&Container, String)> = prepared
        .replaced
        .iter()
        .map(|old| (old, prepared.kept_name(old)))
        .collect();
    for (old, name) in &kept {
        record.set_replaced(old, name);
    }
    file.write(&record)?;
    for (old, name) in kept {
        on_event(StartEvent::Stopping(old.name.clone()));
        engine.stop(&old.id).await?;
        if old.name != name {
            engine.rename(&old.id, &name).await?;
        }
    }
    Ok(())
}

/// Stops what was started and starts again what it replaced; both are kept. The record is written
/// before each step, so that a second run finishes the first.
pub async fn roll_back(
    engine: &Engine,
    file: &RecordFile,
    new: &[Container],
    old: &[ReplacedContainer],
    _: &Confirmation,
    on_event: &mut dyn FnMut(StartEvent),
) -> Result<(), CommandError> {
    let mut record = file.read()?;
    for container in new {
        record.set_replaced(container, &container.name);
    }
    for stopped in &mut record.replaced {
        stopped.rolled_back |= new.iter().any(|one| one.id == stopped.id);
    }
    file.write(&record)?;
    for container in new {
        on_event(StartEvent::Stopping(container.name.clone()));
        engine.stop(&container.id).await?;
    }
    for container in old {
        on_event(StartEvent::StartingAgain(container.name.clone()));
        engine
            .start(&container.id, &container.restart_policy)
            .await?;
        record.take_replaced(&container.id);
        file.write(&record)?;
    }
    Ok(())
}

/// Starts the components in order. Stops at the first that does not become healthy.
pub async fn start(
    engine: &Engine,
    compose: &Compose,
    prepared: &StartPlan,
    file: &RecordFile,
    limits: WaitLimits,
    _: &Confirmation,
    on_event: &mut dyn FnMut(StartEvent),
) -> StartReport {
    let mut report = StartReport {
        outcomes: Vec::new(),
        record_failed: None,
    };
    let mut record = match file.read() {
        Ok(record) => record,
        Err(error) => {
            report.record_failed = Some(error);
            return report;
        }
    };
    record.root.clone_from(&prepared.deployment.root);
    let mut failed = false;
    for unit in &prepared.units {
        let mut outcome = ComponentOutcome {
            component: unit.component,
            action: unit.action,
            result: None,
            container: unit.container.clone(),
            log: Vec::new(),
        };
        if !failed {
            on_event(StartEvent::Starting(unit.component));
            let mut one = ComponentStart {
                engine,
                compose,
                prepared,
                unit,
                limits,
            };
            let result = match one.start(file, &mut record).await {
                Ok(Ok(())) => one.wait(&mut outcome, on_event).await,
                Ok(Err(result)) => result,
                Err(error) => {
                    report.record_failed = Some(error);
                    return report;
                }
            };
            if let Some(container) = one.own().await {
                let recorded = record_started(file, &mut record, unit, &container);
                report.record_failed = recorded.err();
                outcome.container = Some(container);
            }
            failed = !result.is_good();
            if failed {
                outcome.log = one.last_log_lines(outcome.container.as_ref()).await;
            }
            on_event(StartEvent::Ended(unit.component, result.clone()));
            outcome.result = Some(result);
        }
        report.outcomes.push(outcome);
    }
    report
}

fn record_started(
    file: &RecordFile,
    record: &mut StartRecord,
    unit: &ComponentPlan,
    container: &Container,
) -> Result<(), RecordError> {
    if unit.action == StartAction::Keep {
        return Ok(());
    }
    record.set_started(&unit.file.project, &container.id);
    file.write(record)
}

/// The start of one component.
struct ComponentStart<'a> {
    engine: &'a Engine,
    compose: &'a Compose,
    prepared: &'a StartPlan,
    unit: &'a ComponentPlan,
    limits: WaitLimits,
}

impl ComponentStart<'_> {
    /// Lets compose start it.
    async fn start(
        &mut self,
        file: &RecordFile,
        record: &mut StartRecord,
    ) -> Result<Result<(), StartResult>, RecordError> {
        let unit = self.unit;
        if unit.action == StartAction::Keep {
            return Ok(Ok(()));
        }
        let before = unit.container.as_ref().map(|before| before.id.as_str());
        let policy = before.and_then(|id| record.take_replaced(id));
        record.set_starting(unit.component.name(), &unit.file.project, before);
        file.write(record)?;
        let started = self.compose.up(&unit.file.path, &unit.file.project).await;
        if let Err(error) = started {
            return Ok(Err(self.refusal(&error)));
        }
        // Compose starts a container that a rollback stopped as it is: without its restart policy.
        if let (Some(id), Some(policy)) = (before, policy)
            && self.own().await.is_some_and(|own| own.id == id)
            && let Err(error) = self.engine.set_restart(id, &policy).await
        {
            return Ok(Err(self.refusal(&error)));
        }
        Ok(Ok(()))
    }

    /// Why compose did not start it.
    fn refusal(&self, error: &EngineError) -> StartResult {
        let mask = &self.prepared.mask;
        let output = match error {
            EngineError::Down(output) => return StartResult::EngineDown(mask.hide(output)),
            EngineError::Refused { output, .. } => output,
            other => return StartResult::NotRun(other.message()),
        };
        let lower = output.to_lowercase();
        let said = mask.hide(output);
        if lower.contains("port is already allocated") || lower.contains("address already in use") {
            StartResult::PortTaken(said)
        } else if lower.contains("is already in use by container") {
            StartResult::NameTaken(said)
        } else {
            StartResult::Refused(said)
        }
    }

    /// The container of the service now.
    async fn own(&self) -> Option<Container> {
        self.find().await.ok().flatten()
    }

    /// Observes it until the start ended.
    async fn wait(
        &mut self,
        outcome: &mut ComponentOutcome,
        on_event: &mut dyn FnMut(StartEvent),
    ) -> StartResult {
        let unit = self.unit;
        let health = match Health::new(&unit.endpoint.address, &Trust::SYSTEM, unit.key()) {
            Ok(health) => health,
            Err(error) => return StartResult::WrongAnswer(error.into()),
        };
        let first = match self.find().await {
            Ok(Some(container)) => container,
            Ok(None) => return StartResult::Gone,
            Err(error) => return self.refusal(&error),
        };
        outcome.container = Some(first.clone());
        let version = self.unit.variable("version");
        let mut watch = StartWatch::new(Expected {
            image_id: self.unit.image_id.clone(),
            version: version.map(|version| version.expose().to_owned()),
            restarts_before: match self.unit.action {
                StartAction::Keep => first.restarts,
                StartAction::Create | StartAction::Recreate => 0,
            },
            timeout_s: self.limits.per_container.as_secs(),
        });
        let mut poll = Poll::every(self.limits.interval);
        let mut last_reason = None;
        loop {
            let container = match self.engine.container(&first.id).await {
                Ok(container) => container,
                Err(error) => return self.refusal(&error),
            };
            let runs = container.as_ref().is_some_and(Container::is_running);
            let answer = if runs {
                Some(self.masked(health.ask(unit.question()).await))
            } else {
                None
            };
            let seen = Observation {
                container,
                answer,
                elapsed_s: poll.elapsed().as_secs(),
            };
            match watch.observe(&seen) {
                WatchDecision::Ended(result) => return result,
                WatchDecision::Wait(waiting) => {
                    if last_reason.as_ref() != Some(&waiting) {
                        on_event(StartEvent::Waiting(self.unit.component, waiting.clone()));
                        last_reason = Some(waiting);
                    }
                }
            }
            poll.again(Duration::MAX).await;
        }
    }

    async fn find(&self) -> Result<Option<Container>, EngineError> {
        let labels = [
            format!("com.docker.compose.project={}", self.unit.file.project),
            format!("com.docker.compose.service={}", self.unit.service.name),
        ];
        let found = self.engine.containers(&labels).await?;
        Ok(found
            .into_iter()
            .find(|one| one.compose_label("oneoff") != Some("True")))
    }

    fn masked(&self, answer: HealthAnswer) -> HealthAnswer {
        match answer {
            HealthAnswer::Wrong(cause) => {
                HealthAnswer::Wrong(cause.map_quotes(&|words| self.prepared.mask.hide(words)))
            }
            other => other,
        }
    }

    /// The last log lines of a container, secrets hidden.
    async fn last_log_lines(&self, container: Option<&Container>) -> Vec<String> {
        let Some(container) = container else {
            return Vec::new();
        };
        let lines = self.engine.logs(&container.id, LOG_LINES).await;
        let lines = lines.unwrap_or_default().into_iter();
        lines.map(|line| self.prepared.mask.hide(&line)).collect()
    }
}
