//! One process: started, waited for, its words kept.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;

use crate::i18n::Text;

/// Most bytes of words that are kept of a process.
const WORDS_CAP: u64 = 32 * 1024 * 1024;

/// A program with what every call of it is given.
#[derive(Clone, Debug)]
pub struct Program {
    name: OsString,
    first: Vec<OsString>,
    env: Vec<(&'static str, String)>,
}

/// What a process left.
#[derive(Clone, Debug, Default)]
pub struct Ran {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Ran {
    /// Whether it ended with 0.
    pub fn is_ok(&self) -> bool {
        self.code == Some(0)
    }

    /// The last lines that it said, for a message.
    pub fn said(&self) -> String {
        let words = if self.stderr.trim().is_empty() {
            &self.stdout
        } else {
            &self.stderr
        };
        let lines: Vec<&str> = words
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        lines[lines.len().saturating_sub(4)..].join(" · ")
    }
}

/// Why a process left nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no such program.
    #[error("{program} is not there")]
    NotThere {
        /// The program.
        program: String,
    },
    /// It did not start, or its words could not be read.
    #[error("{program}: {source}")]
    Failed {
        /// The program.
        program: String,
        /// The system's words.
        #[source]
        source: io::Error,
    },
    /// It did not end in time and was ended.
    #[error("{program} did not end within {seconds} s")]
    TimedOut {
        /// The program.
        program: String,
        /// Seconds waited.
        seconds: u64,
    },
}

impl RunError {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::NotThere { program } => {
                Text::new("deploy-run-not-there").with("program", program)
            }
            Self::Failed { program, source } => Text::new("deploy-run-failed")
                .with("program", program)
                .with("error", source),
            Self::TimedOut { program, seconds } => Text::new("deploy-run-timed-out")
                .with("program", program)
                .with("seconds", seconds),
        }
    }
}

impl Program {
    /// A program by its name (looked up in `PATH`) or path.
    pub fn new(name: impl AsRef<OsStr>) -> Self {
        Self {
            name: name.as_ref().to_owned(),
            first: Vec::new(),
            env: Vec::new(),
        }
    }

    /// Adds an argument that every call begins with.
    #[must_use]
    pub fn first(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.first.push(arg.as_ref().to_owned());
        self
    }

    /// Adds a variable to its environment.
    #[must_use]
    pub fn env(mut self, name: &'static str, value: &str) -> Self {
        self.env.push((name, value.to_owned()));
        self
    }

    /// Runs it to its end.
    pub async fn run<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        patience: Duration,
    ) -> Result<Ran, RunError> {
        self.watch(args, patience, |_| {}).await
    }

    /// Runs it to its end and hands on each line of its standard output as it comes.
    pub async fn watch<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        patience: Duration,
        mut line: impl FnMut(&str),
    ) -> Result<Ran, RunError> {
        let mut child = self
            .command(args)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| self.broken(error))?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let read_out = async {
            let mut words = String::new();
            let Some(out) = out else { return Ok(words) };
            let mut lines = BufReader::new(out.take(WORDS_CAP));
            let mut bytes = Vec::new();
            while lines.read_until(b'\n', &mut bytes).await? > 0 {
                let text = String::from_utf8_lossy(&bytes);
                line(text.trim_end_matches(['\n', '\r']));
                words.push_str(&text);
                bytes.clear();
            }
            Ok::<_, io::Error>(words)
        };
        let read_err = async {
            let mut bytes = Vec::new();
            if let Some(err) = err {
                err.take(WORDS_CAP).read_to_end(&mut bytes).await?;
            }
            Ok::<_, io::Error>(String::from_utf8_lossy(&bytes).into_owned())
        };
        let all = async { tokio::try_join!(read_out, read_err) };
        let ended = tokio::time::timeout(patience, async {
            let (stdout, stderr) = all.await?;
            let status = child.wait().await?;
            Ok(Ran {
                code: status.code(),
                stdout,
                stderr,
            })
        });
        match ended.await {
            Ok(result) => result.map_err(|error| self.broken(error)),
            Err(_) => Err(self.timed_out(patience)),
        }
    }

    /// Runs it to its end with its standard output in a file.
    pub async fn run_into<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        file: File,
        patience: Duration,
    ) -> Result<Ran, RunError> {
        let child = self
            .command(args)
            .stdout(file)
            .spawn()
            .map_err(|error| self.broken(error))?;
        let ended = tokio::time::timeout(patience, child.wait_with_output()).await;
        let output = ended.map_err(|_| self.timed_out(patience))?;
        let output = output.map_err(|error| self.broken(error))?;
        Ok(Ran {
            code: output.status.code(),
            stdout: String::new(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    fn command<A: AsRef<OsStr>>(&self, args: &[A]) -> Command {
        let mut command = Command::new(&self.name);
        command
            .args(&self.first)
            .args(args)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        for (name, value) in &self.env {
            command.env(name, value);
        }
        command
    }

    fn broken(&self, source: io::Error) -> RunError {
        let program = self.name.to_string_lossy().into_owned();
        if source.kind() == io::ErrorKind::NotFound {
            RunError::NotThere { program }
        } else {
            RunError::Failed { program, source }
        }
    }

    fn timed_out(&self, patience: Duration) -> RunError {
        RunError::TimedOut {
            program: self.name.to_string_lossy().into_owned(),
            seconds: patience.as_secs(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn words_and_code_of_a_process_are_kept() {
        let sh = Program::new("sh").first("-c");
        let mut lines = Vec::new();
        let ran = sh
            .watch(
                &["echo one; echo two; echo why >&2; exit 3"],
                Duration::from_secs(20),
                |line| lines.push(line.to_owned()),
            )
            .await
            .unwrap();
        assert_eq!((ran.code, ran.said().as_str()), (Some(3), "why"));
        assert_eq!(lines, ["one", "two"]);
        let absent = Program::new("wecubectl-no-such-program");
        let error = absent
            .run(&["x"], Duration::from_secs(1))
            .await
            .unwrap_err();
        assert!(matches!(error, RunError::NotThere { .. }), "{error}");
        let error = sh.run(&["sleep 60"], Duration::ZERO).await.unwrap_err();
        assert!(matches!(error, RunError::TimedOut { .. }), "{error}");
    }
}
