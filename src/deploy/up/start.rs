//! The start: one after the other, each waited for.

use std::io;
use std::time::{Duration, Instant};

use super::judge::{Expected, Seen, Step, Verdict, Waiting, Watch};
use super::prepare::{Action, Prepared, Unit};
use super::record::{Record, RecordFile};
use crate::confirm::Confirmation;
use crate::deploy::env::Service;
use crate::deploy::host::{Compose, Container, Engine, EngineError};
use crate::platform::{Health, HealthAnswer, Trust};

/// Lines of a log that are shown of what failed.
const LOG_LINES: usize = 20;

/// How long is waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For each container to answer.
    pub each: Duration,
    /// Between two looks.
    pub pause: Duration,
}

/// What is told while it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpEvent {
    /// A container that is replaced is being stopped.
    Stopping(String),
    /// A component is being started.
    Starting(Service),
    /// It is waited for.
    Waiting(Service, Waiting),
    /// It is decided.
    Ended(Service, Verdict),
}

/// What became of one component.
#[derive(Clone, Debug)]
pub struct UnitOutcome {
    /// Which.
    pub component: Service,
    /// What was to be done.
    pub action: Action,
    /// How it ended; none where an earlier one failed first.
    pub verdict: Option<Verdict>,
    /// Its container.
    pub container: Option<Container>,
    /// Its last lines, without secrets, where it failed.
    pub log: Vec<String>,
}

/// What became of the start.
pub struct StartReport {
    /// Each of the four.
    pub outcomes: Vec<UnitOutcome>,
    /// Why the record could not be written; nothing is started without one.
    pub record_failed: Option<io::Error>,
}

/// Stops the containers that are replaced. Each is noted first, so that the way back is known
/// whatever happens.
pub async fn stop_replaced(
    engine: &Engine,
    prepared: &Prepared,
    file: &RecordFile,
    _: &Confirmation,
    tell: &mut dyn FnMut(UpEvent),
) -> Result<(), EngineError> {
    if prepared.replaced.is_empty() {
        return Ok(());
    }
    let unwritable = |error: io::Error| EngineError::Unreadable {
        what: "state",
        why: error.to_string(),
    };
    let mut record = file.read().map_err(unwritable)?;
    record.root.clone_from(&prepared.deployment.root);
    for old in &prepared.replaced {
        record.replaces(old);
    }
    file.write(&record).map_err(unwritable)?;
    for old in &prepared.replaced {
        tell(UpEvent::Stopping(old.name.clone()));
        engine.stop(&old.id).await?;
    }
    Ok(())
}

/// Starts the four in order. The first that does not come up ends it.
pub async fn start(
    engine: &Engine,
    compose: &Compose,
    prepared: &Prepared,
    file: &RecordFile,
    patience: Patience,
    _: &Confirmation,
    tell: &mut dyn FnMut(UpEvent),
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
        let mut outcome = UnitOutcome {
            component: unit.component,
            action: unit.action,
            verdict: None,
            container: unit.container.clone(),
            log: Vec::new(),
        };
        if !failed {
            tell(UpEvent::Starting(unit.component));
            let mut one = One {
                engine,
                compose,
                prepared,
                unit,
                patience,
            };
            let verdict = match one.start(file, &mut record).await {
                Ok(Ok(())) => one.wait(&mut outcome, tell).await,
                Ok(Err(verdict)) => verdict,
                Err(error) => {
                    report.record_failed = Some(error);
                    return report;
                }
            };
            if let Some(container) = one.own().await {
                let noted = note(file, &mut record, unit, &container);
                report.record_failed = noted.err();
                outcome.container = Some(container);
            }
            failed = !verdict.is_good();
            if failed {
                outcome.log = one.last_words(outcome.container.as_ref()).await;
            }
            tell(UpEvent::Ended(unit.component, verdict.clone()));
            outcome.verdict = Some(verdict);
        }
        report.outcomes.push(outcome);
    }
    report
}

fn note(
    file: &RecordFile,
    record: &mut Record,
    unit: &Unit,
    container: &Container,
) -> io::Result<()> {
    if unit.action == Action::Keep {
        return Ok(());
    }
    record.has_begun(&unit.file.project, &container.id);
    file.write(record)
}

struct One<'a> {
    engine: &'a Engine,
    compose: &'a Compose,
    prepared: &'a Prepared,
    unit: &'a Unit,
    patience: Patience,
}

impl One<'_> {
    /// Has compose start it.
    async fn start(
        &mut self,
        file: &RecordFile,
        record: &mut Record,
    ) -> io::Result<Result<(), Verdict>> {
        let unit = self.unit;
        if unit.action == Action::Keep {
            return Ok(Ok(()));
        }
        let before = unit.container.as_ref().map(|before| before.id.as_str());
        record.begins(unit.component.name(), &unit.file.project, before);
        file.write(record)?;
        let started = self.compose.up(&unit.file.path, &unit.file.project).await;
        Ok(started.map_err(|error| self.refusal(&error)))
    }

    /// Reads why compose did not start it.
    fn refusal(&self, error: &EngineError) -> Verdict {
        let said = match error {
            EngineError::Down { said } => {
                return Verdict::EngineDown(self.prepared.mask.hide(said));
            }
            EngineError::Refused { said, .. } => said.clone(),
            other => other.to_string(),
        };
        let lower = said.to_lowercase();
        let said = self.prepared.mask.hide(&said);
        if lower.contains("port is already allocated") || lower.contains("address already in use") {
            Verdict::PortTaken(said)
        } else if lower.contains("is already in use by container") {
            Verdict::NameTaken(said)
        } else {
            Verdict::Refused(said)
        }
    }

    /// The container of the service now.
    async fn own(&self) -> Option<Container> {
        self.look().await.ok().flatten()
    }

    /// Looks until it is decided.
    async fn wait(&mut self, outcome: &mut UnitOutcome, tell: &mut dyn FnMut(UpEvent)) -> Verdict {
        let unit = self.unit;
        let health = match Health::new(&unit.place.address, &Trust::System, unit.key()) {
            Ok(health) => health,
            Err(error) => return Verdict::Refused(error.to_string()),
        };
        let first = match self.look().await {
            Ok(Some(container)) => container,
            Ok(None) => return Verdict::Gone,
            Err(error) => return self.refusal(&error),
        };
        outcome.container = Some(first.clone());
        let version = self.unit.variable("version");
        let mut watch = Watch::new(Expected {
            image_id: self.unit.image_id.clone(),
            version: version.map(|version| version.expose().to_owned()),
            restarts_before: match self.unit.action {
                Action::Keep => first.restarts,
                Action::Start | Action::Renew => 0,
            },
            patience_s: self.patience.each.as_secs(),
        });
        let began = Instant::now();
        let mut told = None;
        loop {
            let container = match self.engine.container(&first.id).await {
                Ok(container) => container,
                Err(error) => return self.refusal(&error),
            };
            let runs = container.as_ref().is_some_and(Container::runs);
            let answer = if runs {
                Some(self.masked(health.ask(unit.question()).await))
            } else {
                None
            };
            let seen = Seen {
                container,
                answer,
                elapsed_s: began.elapsed().as_secs(),
            };
            match watch.take(&seen) {
                Step::Ended(verdict) => return verdict,
                Step::Wait(waiting) => {
                    if told.as_ref() != Some(&waiting) {
                        tell(UpEvent::Waiting(self.unit.component, waiting.clone()));
                        told = Some(waiting);
                    }
                }
            }
            tokio::time::sleep(self.patience.pause).await;
        }
    }

    async fn look(&self) -> Result<Option<Container>, EngineError> {
        let labels = [
            format!("com.docker.compose.project={}", self.unit.file.project),
            format!("com.docker.compose.service={}", self.unit.service.name),
        ];
        let found = self.engine.containers(&labels).await?;
        Ok(found
            .into_iter()
            .find(|one| one.compose("oneoff") != Some("True")))
    }

    fn masked(&self, answer: HealthAnswer) -> HealthAnswer {
        match answer {
            HealthAnswer::Wrong(words) => HealthAnswer::Wrong(self.prepared.mask.hide(&words)),
            other => other,
        }
    }

    /// The last lines of a container, without secrets.
    async fn last_words(&self, container: Option<&Container>) -> Vec<String> {
        let Some(container) = container else {
            return Vec::new();
        };
        let lines = self.engine.logs(&container.id, LOG_LINES).await;
        let lines = lines.unwrap_or_default().into_iter();
        lines.map(|line| self.prepared.mask.hide(&line)).collect()
    }
}
