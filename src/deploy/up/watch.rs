//! Decides from observations of a container how its start ended. Pure: time is passed in as seconds.

use crate::deploy::host::Container;
use crate::domain::FailureCause;
use crate::i18n::Text;
use crate::platform::HealthAnswer;

/// Restarts that make a crash loop: Docker's third restart comes 0.4 s after the second, and a slow start
/// needs none.
const CRASH_LOOP: u64 = 3;

/// What a start must lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Id of its image.
    pub image_id: String,
    /// Version that core must report.
    pub version: Option<String>,
    /// Restarts before this start.
    pub restarts_before: u64,
    /// Seconds after which a start is too slow.
    pub timeout_s: u64,
}

/// One observation.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The container; `None` if it is gone.
    pub container: Option<Container>,
    /// Its health answer; `None` if it was not asked.
    pub answer: Option<HealthAnswer>,
    /// Seconds since the start.
    pub elapsed_s: u64,
}

/// What a start still lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// A running process.
    Process {
        /// Docker's present status.
        status: String,
        /// Restarts so far.
        restarts: u64,
    },
    /// An answer; the last failure.
    Answer(FailureCause),
    /// The right answer; the last one.
    RightAnswer(FailureCause),
    /// The same answer once more, from the same process.
    Again,
}

/// How a start ended.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum StartResult {
    /// The new container gives the right answer.
    Healthy {
        /// Version that core reported.
        version: Option<String>,
    },
    /// It runs, but did not answer in time.
    Slow(FailureCause),
    /// It exits and is restarted again and again.
    CrashLoop {
        /// Its last exit code.
        exit_code: i64,
        /// Restarts in this start.
        restarts: u64,
        /// It exceeded its memory limit.
        out_of_memory: bool,
    },
    /// It exited and is not restarted.
    Ended {
        /// Its exit code.
        exit_code: i64,
    },
    /// The container runs a different image.
    OldContainer {
        /// Its name and id.
        container: String,
    },
    /// The answer is not that of this component.
    WrongAnswer(FailureCause),
    /// Core reports another version.
    OtherVersion {
        /// The reported version.
        reported: String,
        /// The started version.
        wanted: String,
    },
    /// The container was removed.
    Gone,
    /// Its port is in use.
    PortTaken(String),
    /// Its name is in use.
    NameTaken(String),
    /// The engine stopped answering.
    EngineDown(String),
    /// Compose or the engine refused; the tool's own message.
    Refused(String),
    /// The compose program or its output failed.
    #[strum(serialize = "refused")]
    NotRun(Text),
}

/// The decision after an observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchDecision {
    /// Observe again.
    Wait(WaitReason),
    /// The start ended.
    Ended(StartResult),
}

/// Watches one start.
#[derive(Clone, Debug)]
pub struct StartWatch {
    expected: Expected,
    /// Container id and process start at the last right answer.
    answered: Option<(String, String)>,
    /// Consecutive observations of an exited container.
    exited: u32,
    /// Exit code and memory fault of the last exit that was observed; a running container reports 0.
    last_exit: Option<(i64, bool)>,
}

impl StartWatch {
    /// A new watch.
    pub fn new(expected: Expected) -> Self {
        Self {
            expected,
            answered: None,
            exited: 0,
            last_exit: None,
        }
    }

    /// Decides after the next observation.
    pub fn observe(&mut self, seen: &Observation) -> WatchDecision {
        let Some(container) = &seen.container else {
            return WatchDecision::Ended(StartResult::Gone);
        };
        if container.image_id != self.expected.image_id {
            let container = format!("{} ({})", container.name, container.short_id());
            return WatchDecision::Ended(StartResult::OldContainer { container });
        }
        let restarts = container
            .restarts
            .saturating_sub(self.expected.restarts_before);
        let late = seen.elapsed_s >= self.expected.timeout_s;
        if !container.is_running() {
            self.last_exit = Some((container.exit_code, container.out_of_memory));
        }
        let exit_seen = self.last_exit.is_some();
        let (exit_code, out_of_memory) = self
            .last_exit
            .unwrap_or((container.exit_code, container.out_of_memory));
        let crash = StartResult::CrashLoop {
            exit_code,
            restarts,
            out_of_memory,
        };
        if restarts >= CRASH_LOOP {
            if exit_seen || late {
                return WatchDecision::Ended(crash);
            }
            // It runs at the moment; the next exit tells its exit code.
            return WatchDecision::Wait(WaitReason::Process {
                status: container.status.clone(),
                restarts,
            });
        }
        if !container.is_running() {
            self.answered = None;
            let over = matches!(container.status.as_str(), "exited" | "dead");
            self.exited = if over { self.exited + 1 } else { 0 };
            if self.exited > 1 {
                return WatchDecision::Ended(StartResult::Ended {
                    exit_code: container.exit_code,
                });
            }
            if late {
                return WatchDecision::Ended(crash);
            }
            return WatchDecision::Wait(WaitReason::Process {
                status: container.status.clone(),
                restarts,
            });
        }
        self.exited = 0;
        self.answer(container, seen, late.then_some((restarts, crash)))
    }

    fn answer(
        &mut self,
        container: &Container,
        seen: &Observation,
        late: Option<(u64, StartResult)>,
    ) -> WatchDecision {
        let (waiting, too_late) = match &seen.answer {
            Some(HealthAnswer::Healthy { version }) => {
                if let (Some(reported), Some(wanted)) = (version, &self.expected.version)
                    && reported != wanted
                {
                    let (reported, wanted) = (reported.clone(), wanted.clone());
                    return WatchDecision::Ended(StartResult::OtherVersion { reported, wanted });
                }
                let process = (container.id.clone(), container.started_at.clone());
                if self.answered.as_ref() == Some(&process) {
                    return WatchDecision::Ended(StartResult::Healthy {
                        version: version.clone(),
                    });
                }
                self.answered = Some(process);
                // The same process must answer twice, late or not.
                return WatchDecision::Wait(WaitReason::Again);
            }
            Some(HealthAnswer::Wrong(words)) => (
                WaitReason::RightAnswer(words.clone()),
                StartResult::WrongAnswer(words.clone()),
            ),
            Some(HealthAnswer::Silent(words)) => (
                WaitReason::Answer(words.clone()),
                StartResult::Slow(words.clone()),
            ),
            None => (
                WaitReason::Answer(FailureCause::Unspecified),
                StartResult::Slow(FailureCause::Unspecified),
            ),
        };
        self.answered = None;
        match late {
            // A restarted container that does not answer is a slow crash loop.
            Some((restarts, crash)) if restarts > 0 => WatchDecision::Ended(crash),
            Some(_) => WatchDecision::Ended(too_late),
            None => WatchDecision::Wait(waiting),
        }
    }
}

impl WaitReason {
    /// What is missing, as the object of "waiting for".
    pub fn message(&self) -> Text {
        match self {
            Self::Process { status, restarts } => Text::new("deploy-wait-process")
                .with("status", status)
                .with("restarts", restarts),
            Self::Answer(words) => Text::new("deploy-wait-answer").nested("words", words.message()),
            Self::RightAnswer(words) => {
                Text::new("deploy-wait-right-answer").nested("words", words.message())
            }
            Self::Again => Text::new("deploy-wait-again"),
        }
    }
}

impl StartResult {
    /// Whether the component is healthy.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Healthy { .. })
    }

    /// The value in machine-readable formats.
    pub fn as_str(&self) -> &'static str {
        self.into()
    }

    /// The result.
    pub fn message(&self) -> Text {
        match self {
            Self::Healthy {
                version: Some(version),
            } => Text::new("deploy-start-healthy-version").with("version", version),
            Self::Healthy { version: None } => Text::new("deploy-start-healthy"),
            Self::Slow(words) => Text::new("deploy-start-slow").nested("words", words.message()),
            Self::CrashLoop {
                exit_code,
                out_of_memory: true,
                ..
            } => Text::new("deploy-start-out-of-memory").with("code", exit_code),
            Self::CrashLoop {
                exit_code,
                restarts,
                ..
            } => Text::new("deploy-start-crash-loop")
                .with("code", exit_code)
                .with("restarts", restarts),
            Self::Ended { exit_code } => Text::new("deploy-start-ended").with("code", exit_code),
            Self::OldContainer { container } => {
                Text::new("deploy-start-old-container").with("container", container)
            }
            Self::WrongAnswer(words) => {
                Text::new("deploy-start-wrong-answer").nested("words", words.message())
            }
            Self::OtherVersion { reported, wanted } => Text::new("deploy-start-other-version")
                .with("reported", reported)
                .with("wanted", wanted),
            Self::Gone => Text::new("deploy-start-gone"),
            Self::PortTaken(words) => Text::new("deploy-start-port-taken").with("words", words),
            Self::NameTaken(words) => Text::new("deploy-start-name-taken").with("words", words),
            Self::EngineDown(words) => Text::new("deploy-start-engine-down").with("words", words),
            Self::Refused(words) => Text::new("deploy-start-refused").with("words", words),
            Self::NotRun(cause) => Text::new("deploy-start-not-run").nested("cause", cause.clone()),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Text {
        match self {
            Self::Slow(_) => Text::new("deploy-start-slow-hint"),
            Self::CrashLoop { .. } | Self::Ended { .. } => Text::new("deploy-start-crash-hint"),
            Self::OldContainer { .. } | Self::OtherVersion { .. } => {
                Text::new("deploy-start-old-hint")
            }
            Self::PortTaken(_) | Self::NameTaken(_) => Text::new("deploy-start-taken-hint"),
            Self::EngineDown(_) => Text::new("deploy-engine-down-hint"),
            Self::Healthy { .. }
            | Self::WrongAnswer(_)
            | Self::Gone
            | Self::Refused(_)
            | Self::NotRun(_) => Text::new("deploy-start-hint"),
        }
    }
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
