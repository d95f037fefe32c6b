//! Runs a program and keeps its output.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use crate::i18n::{Text, io_message};

/// Bytes of output that are kept.
const OUTPUT_CAP: u64 = 32 * 1024 * 1024;

/// A program with the arguments and variables of every call.
#[derive(Clone, Debug)]
pub struct Program {
    name: OsString,
    args: Vec<OsString>,
    env: Vec<(&'static str, String)>,
    input: Option<String>,
}

/// The result of a process.
#[derive(Clone, Debug, Default)]
pub struct ProcessOutput {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl ProcessOutput {
    /// Whether it ended with 0.
    pub fn is_ok(&self) -> bool {
        self.code == Some(0)
    }

    /// Its last four lines of standard error, or of standard output if there are none.
    pub fn last_lines(&self) -> String {
        let text = if self.stderr.trim().is_empty() {
            &self.stdout
        } else {
            &self.stderr
        };
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        lines[lines.len().saturating_sub(4)..].join(" · ")
    }
}

/// Why a program has no result.
#[derive(Debug)]
pub enum ProcessError {
    /// The program is not installed.
    NotFound {
        /// The program.
        program: String,
    },
    /// It did not start, or its output could not be read.
    Failed {
        /// The program.
        program: String,
        /// The cause.
        source: io::Error,
    },
    /// It ran too long and was killed.
    TimedOut {
        /// The program.
        program: String,
        /// Seconds waited.
        seconds: u64,
    },
}

impl ProcessError {
    /// What happened.
    pub fn message(&self) -> Text {
        match self {
            Self::NotFound { program } => {
                Text::new("deploy-run-not-found").with("program", program)
            }
            Self::Failed { program, source } => Text::new("deploy-run-failed")
                .with("program", program)
                .nested("error", io_message(source)),
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
            args: Vec::new(),
            env: Vec::new(),
            input: None,
        }
    }

    /// Adds an argument before those of each call.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds a variable to its environment.
    #[must_use]
    pub fn env(mut self, name: &'static str, value: &str) -> Self {
        self.env.push((name, value.to_owned()));
        self
    }

    /// Sets its standard input; without one it has none.
    #[must_use]
    pub fn input(mut self, text: String) -> Self {
        self.input = Some(text);
        self
    }

    /// Runs it to its end.
    pub async fn run<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        timeout: Duration,
    ) -> Result<ProcessOutput, ProcessError> {
        self.run_with_lines(args, timeout, |_| {}).await
    }

    /// Runs it to its end and passes each line of its standard output to `line`.
    pub async fn run_with_lines<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        timeout: Duration,
        mut line: impl FnMut(&str),
    ) -> Result<ProcessOutput, ProcessError> {
        let mut child = self
            .command(args)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| self.failed(error))?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let pipe = child.stdin.take();
        let write_in = async {
            if let (Some(mut pipe), Some(input)) = (pipe, &self.input) {
                // A program that does not read its input to the end is no failure.
                drop(pipe.write_all(input.as_bytes()).await);
            }
            Ok(())
        };
        let read_out = async {
            let mut output = String::new();
            let Some(out) = out else { return Ok(output) };
            let mut lines = BufReader::new(out.take(OUTPUT_CAP));
            let mut bytes = Vec::new();
            while lines.read_until(b'\n', &mut bytes).await? > 0 {
                let text = String::from_utf8_lossy(&bytes);
                line(text.trim_end_matches(['\n', '\r']));
                output.push_str(&text);
                bytes.clear();
            }
            Ok::<_, io::Error>(output)
        };
        let read_err = async {
            let mut bytes = Vec::new();
            if let Some(err) = err {
                err.take(OUTPUT_CAP).read_to_end(&mut bytes).await?;
            }
            Ok::<_, io::Error>(String::from_utf8_lossy(&bytes).into_owned())
        };
        let all = async { tokio::try_join!(read_out, read_err, write_in) };
        let ended = tokio::time::timeout(timeout, async {
            let (stdout, stderr, ()) = all.await?;
            let status = child.wait().await?;
            Ok(ProcessOutput {
                code: status.code(),
                stdout,
                stderr,
            })
        });
        match ended.await {
            Ok(result) => result.map_err(|error| self.failed(error)),
            Err(_) => Err(self.timed_out(timeout)),
        }
    }

    /// Runs it to its end with its standard output in a file.
    pub async fn run_into<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        file: File,
        timeout: Duration,
    ) -> Result<ProcessOutput, ProcessError> {
        let child = self
            .command(args)
            .stdout(file)
            .spawn()
            .map_err(|error| self.failed(error))?;
        let ended = tokio::time::timeout(timeout, child.wait_with_output()).await;
        let output = ended.map_err(|_| self.timed_out(timeout))?;
        let output = output.map_err(|error| self.failed(error))?;
        Ok(ProcessOutput {
            code: output.status.code(),
            stdout: String::new(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    fn command<A: AsRef<OsStr>>(&self, args: &[A]) -> Command {
        let mut command = Command::new(&self.name);
        command
            .args(&self.args)
            .args(args)
            .stdin(if self.input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        for (name, value) in &self.env {
            command.env(name, value);
        }
        command
    }

    fn failed(&self, source: io::Error) -> ProcessError {
        let program = self.name.to_string_lossy().into_owned();
        if source.kind() == io::ErrorKind::NotFound {
            ProcessError::NotFound { program }
        } else {
            ProcessError::Failed { program, source }
        }
    }

    fn timed_out(&self, timeout: Duration) -> ProcessError {
        ProcessError::TimedOut {
            program: self.name.to_string_lossy().into_owned(),
            seconds: timeout.as_secs(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn run_returns_output_and_exit_code_and_names_missing_programs_and_timeouts() {
        let sh = Program::new("sh").arg("-c");
        let mut lines = Vec::new();
        let ran = sh
            .run_with_lines(
                &["echo one; echo two; echo why >&2; exit 3"],
                Duration::from_secs(20),
                |line| lines.push(line.to_owned()),
            )
            .await
            .unwrap();
        assert_eq!((ran.code, ran.last_lines().as_str()), (Some(3), "why"));
        assert_eq!(lines, ["one", "two"]);
        let absent = Program::new("wecubectl-no-such-program");
        let error = absent
            .run(&["x"], Duration::from_secs(1))
            .await
            .unwrap_err();
        assert!(matches!(error, ProcessError::NotFound { .. }), "{error:?}");
        let error = sh.run(&["sleep 60"], Duration::ZERO).await.unwrap_err();
        assert!(matches!(error, ProcessError::TimedOut { .. }), "{error:?}");
    }
}
