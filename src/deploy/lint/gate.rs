//! Errors that keep `deploy up` and `deploy all` from starting.

use super::code::LintCode;
use super::model::Finding;
use crate::domain::Severity;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// Why the gate is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Errors that are not accepted; never empty.
    Findings(Vec<Finding>),
    /// Accepted codes that are no lint codes; never empty. A misspelt code must not open the gate.
    UnknownCodes(Vec<String>),
}

impl Failure for Refused {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Findings(_) => Outcome::Unsafe,
            Self::UnknownCodes(_) => Outcome::Usage,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::Findings(findings) => {
                Text::new("deploy-gate-refused").count("count", findings.len())
            }
            Self::UnknownCodes(codes) => {
                Text::new("cli-explain-unknown").with("code", codes.join(", "))
            }
        }
    }

    fn messages(&self) -> Vec<Text> {
        let Self::Findings(findings) = self else {
            return vec![self.message()];
        };
        let each = findings.iter().map(|finding| {
            Text::new("deploy-gate-finding")
                .with("code", finding.code)
                .with("subject", &finding.subject)
                .nested("message", finding.message.clone())
        });
        std::iter::once(self.message()).chain(each).collect()
    }

    fn hints(&self) -> Vec<Text> {
        vec![match self {
            Self::Findings(findings) => {
                let mut codes: Vec<LintCode> = findings.iter().map(|one| one.code).collect();
                codes.dedup();
                let flag = |code: &LintCode| format!("--accept-finding {code}");
                let flags: Vec<String> = codes.iter().map(flag).collect();
                Text::new("deploy-gate-hint").with("flags", flags.join(" "))
            }
            Self::UnknownCodes(_) => Text::new("cli-explain-unknown-hint"),
        }]
    }
}

/// The codes of `--accept-finding`.
pub fn accepted_codes(typed: &[String]) -> Result<Vec<LintCode>, Refused> {
    let parse = |code: &String| LintCode::parse(code).ok_or_else(|| code.clone());
    let (known, unknown): (Vec<_>, Vec<_>) = typed.iter().map(parse).partition(Result::is_ok);
    if unknown.is_empty() {
        Ok(known.into_iter().flatten().collect())
    } else {
        let unknown = unknown.into_iter().filter_map(Result::err);
        Err(Refused::UnknownCodes(unknown.collect()))
    }
}

/// Lets findings pass unless one is an error that is not accepted.
pub fn gate(findings: &[Finding], accepted: &[String]) -> Result<(), Refused> {
    let accepted = accepted_codes(accepted)?;
    let stops = |finding: &&Finding| {
        finding.severity() == Severity::Error && !accepted.contains(&finding.code)
    };
    let errors: Vec<Finding> = findings.iter().filter(stops).cloned().collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Refused::Findings(errors))
    }
}
