//! From what is seen of a container to a verdict. Pure: time comes in as seconds.

use crate::deploy::host::Container;
use crate::i18n::Text;
use crate::platform::HealthAnswer;

/// Restarts from which on a container is said to crash in a loop: Docker starts the third one 0.4 s
/// after the second ended, and a slow start needs none.
const LOOP: u64 = 3;

/// What the new container must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Id of its image.
    pub image_id: String,
    /// Version that core must say.
    pub version: Option<String>,
    /// Restarts that it had before this start.
    pub restarts_before: u64,
    /// Seconds after which a start is too slow.
    pub patience_s: u64,
}

/// What was seen at one moment.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The container, where it is there.
    pub container: Option<Container>,
    /// Its answer, where it was asked.
    pub answer: Option<HealthAnswer>,
    /// Seconds since the start.
    pub elapsed_s: u64,
}

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Its process to run.
    Process {
        /// Docker's word for what it is now.
        status: String,
        /// Restarts so far.
        restarts: u64,
    },
    /// An answer.
    Answer(String),
    /// The right answer.
    RightAnswer(String),
    /// The same answer once more, from the same process.
    Again,
}

/// How a start ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The new container answers as it must.
    Healthy {
        /// Version that core said.
        version: Option<String>,
    },
    /// It runs, but does not answer in time.
    Slow(String),
    /// It ends and is started again and again.
    CrashLoop {
        /// Exit code of its last end.
        exit_code: i64,
        /// Restarts in this start.
        restarts: u64,
        /// It wanted more memory than it may have.
        out_of_memory: bool,
    },
    /// It ended and nobody starts it again.
    Ended {
        /// Its exit code.
        exit_code: i64,
    },
    /// What runs under the name is made from another image.
    OldContainer {
        /// Name and id of it.
        container: String,
    },
    /// Somebody answers, but not as this component does.
    WrongAnswer(String),
    /// Core answers, with another version.
    OtherVersion {
        /// What it says.
        said: String,
        /// What it was started as.
        wanted: String,
    },
    /// It was removed meanwhile.
    Gone,
    /// Its port is taken.
    PortTaken(String),
    /// Its name is taken.
    NameTaken(String),
    /// The engine does not answer any more.
    EngineDown(String),
    /// Compose or the engine refused.
    Refused(String),
}

/// What to do after a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Look again.
    Wait(Waiting),
    /// It is decided.
    Ended(Verdict),
}

/// One start, watched.
#[derive(Clone, Debug)]
pub struct Watch {
    expected: Expected,
    /// Container and start of its process at the last right answer.
    answered: Option<(String, String)>,
    /// Looks in a row at which it had ended and was not started again.
    ended: u32,
    /// Exit code and want of memory of its last end that was seen: while it runs again the engine
    /// tells 0.
    last_end: Option<(i64, bool)>,
}

impl Watch {
    /// Begins to watch.
    pub fn new(expected: Expected) -> Self {
        Self {
            expected,
            answered: None,
            ended: 0,
            last_end: None,
        }
    }

    /// Takes a look in.
    pub fn take(&mut self, seen: &Seen) -> Step {
        let Some(container) = &seen.container else {
            return Step::Ended(Verdict::Gone);
        };
        if container.image_id != self.expected.image_id {
            let container = format!("{} ({})", container.name, container.short());
            return Step::Ended(Verdict::OldContainer { container });
        }
        let restarts = container
            .restarts
            .saturating_sub(self.expected.restarts_before);
        let late = seen.elapsed_s >= self.expected.patience_s;
        if !container.runs() {
            self.last_end = Some((container.exit_code, container.out_of_memory));
        }
        let end_seen = self.last_end.is_some();
        let (exit_code, out_of_memory) = self
            .last_end
            .unwrap_or((container.exit_code, container.out_of_memory));
        let crash = Verdict::CrashLoop {
            exit_code,
            restarts,
            out_of_memory,
        };
        if restarts >= LOOP {
            if end_seen || late {
                return Step::Ended(crash);
            }
            // It runs just now; a look at which it has ended again tells how it ends.
            return Step::Wait(Waiting::Process {
                status: container.status.clone(),
                restarts,
            });
        }
        if !container.runs() {
            self.answered = None;
            let over = matches!(container.status.as_str(), "exited" | "dead");
            self.ended = if over { self.ended + 1 } else { 0 };
            if self.ended > 1 {
                return Step::Ended(Verdict::Ended {
                    exit_code: container.exit_code,
                });
            }
            if late {
                return Step::Ended(crash);
            }
            return Step::Wait(Waiting::Process {
                status: container.status.clone(),
                restarts,
            });
        }
        self.ended = 0;
        self.answer(container, seen, late.then_some((restarts, crash)))
    }

    fn answer(&mut self, container: &Container, seen: &Seen, late: Option<(u64, Verdict)>) -> Step {
        let (waiting, too_late) = match &seen.answer {
            Some(HealthAnswer::Healthy { version }) => {
                if let (Some(said), Some(wanted)) = (version, &self.expected.version)
                    && said != wanted
                {
                    let (said, wanted) = (said.clone(), wanted.clone());
                    return Step::Ended(Verdict::OtherVersion { said, wanted });
                }
                let process = (container.id.clone(), container.started_at.clone());
                if self.answered.as_ref() == Some(&process) {
                    return Step::Ended(Verdict::Healthy {
                        version: version.clone(),
                    });
                }
                self.answered = Some(process);
                // One more look decides, late or not.
                return Step::Wait(Waiting::Again);
            }
            Some(HealthAnswer::Wrong(words)) => (
                Waiting::RightAnswer(words.clone()),
                Verdict::WrongAnswer(words.clone()),
            ),
            Some(HealthAnswer::Silent(words)) => {
                (Waiting::Answer(words.clone()), Verdict::Slow(words.clone()))
            }
            None => (Waiting::Answer(String::new()), Verdict::Slow(String::new())),
        };
        self.answered = None;
        match late {
            // One that was started again and does not answer crashes, only more slowly.
            Some((restarts, crash)) if restarts > 0 => Step::Ended(crash),
            Some(_) => Step::Ended(too_late),
            None => Step::Wait(waiting),
        }
    }
}

impl Waiting {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::Process { status, restarts } => Text::new("deploy-wait-process")
                .with("status", status)
                .with("restarts", restarts),
            Self::Answer(words) => Text::new("deploy-wait-answer").with("words", words),
            Self::RightAnswer(words) => Text::new("deploy-wait-right-answer").with("words", words),
            Self::Again => Text::new("deploy-wait-again"),
        }
    }
}

impl Verdict {
    /// Whether the component is up.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Healthy { .. })
    }

    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Healthy { .. } => "healthy",
            Self::Slow(_) => "slow",
            Self::CrashLoop { .. } => "crash_loop",
            Self::Ended { .. } => "ended",
            Self::OldContainer { .. } => "old_container",
            Self::WrongAnswer(_) => "wrong_answer",
            Self::OtherVersion { .. } => "other_version",
            Self::Gone => "gone",
            Self::PortTaken(_) => "port_taken",
            Self::NameTaken(_) => "name_taken",
            Self::EngineDown(_) => "engine_down",
            Self::Refused(_) => "refused",
        }
    }

    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::Healthy {
                version: Some(version),
            } => Text::new("deploy-verdict-healthy-version").with("version", version),
            Self::Healthy { version: None } => Text::new("deploy-verdict-healthy"),
            Self::Slow(words) => Text::new("deploy-verdict-slow").with("words", words),
            Self::CrashLoop {
                exit_code,
                out_of_memory: true,
                ..
            } => Text::new("deploy-verdict-out-of-memory").with("code", exit_code),
            Self::CrashLoop {
                exit_code,
                restarts,
                ..
            } => Text::new("deploy-verdict-crash-loop")
                .with("code", exit_code)
                .with("restarts", restarts),
            Self::Ended { exit_code } => Text::new("deploy-verdict-ended").with("code", exit_code),
            Self::OldContainer { container } => {
                Text::new("deploy-verdict-old-container").with("container", container)
            }
            Self::WrongAnswer(words) => {
                Text::new("deploy-verdict-wrong-answer").with("words", words)
            }
            Self::OtherVersion { said, wanted } => Text::new("deploy-verdict-other-version")
                .with("said", said)
                .with("wanted", wanted),
            Self::Gone => Text::new("deploy-verdict-gone"),
            Self::PortTaken(words) => Text::new("deploy-verdict-port-taken").with("words", words),
            Self::NameTaken(words) => Text::new("deploy-verdict-name-taken").with("words", words),
            Self::EngineDown(words) => Text::new("deploy-verdict-engine-down").with("words", words),
            Self::Refused(words) => Text::new("deploy-verdict-refused").with("words", words),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Text {
        match self {
            Self::Slow(_) => Text::new("deploy-verdict-slow-hint"),
            Self::CrashLoop { .. } | Self::Ended { .. } => Text::new("deploy-verdict-crash-hint"),
            Self::OldContainer { .. } | Self::OtherVersion { .. } => {
                Text::new("deploy-verdict-old-hint")
            }
            Self::PortTaken(_) | Self::NameTaken(_) => Text::new("deploy-verdict-taken-hint"),
            Self::EngineDown(_) => Text::new("deploy-engine-down-hint"),
            Self::Healthy { .. } | Self::WrongAnswer(_) | Self::Gone | Self::Refused(_) => {
                Text::new("deploy-verdict-hint")
            }
        }
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
