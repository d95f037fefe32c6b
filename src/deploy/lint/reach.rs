//! Rules over the results of `--reach`.

use super::code::LintCode;
use super::model::{Finding, LintInput, ReachAnswer};
use crate::deploy::host::ssh::SshResult;
use crate::i18n::Text;
use crate::platform::BucketAnswer;

pub(super) fn check(input: &LintInput<'_>, found: &mut Vec<Finding>) {
    for reached in input.reached {
        let fault = match &reached.answer {
            ReachAnswer::Database(Ok(())) | ReachAnswer::Host(Ok(())) => None,
            ReachAnswer::Database(Err(failure)) => Some((
                LintCode::W0901,
                Text::new("env-lint-database-unreachable").nested("cause", failure.message()),
            )),
            ReachAnswer::Host(Err(failure)) => Some((
                LintCode::W0905,
                Text::new("env-lint-host-unreachable").nested("cause", failure.message()),
            )),
            ReachAnswer::Bucket(answer) => bucket_finding(answer),
            ReachAnswer::Ssh(answer) => ssh_finding(answer),
            ReachAnswer::Sealed(name, fault) => Some((
                LintCode::W0909,
                Text::new("env-lint-not-tested-value")
                    .with("name", name)
                    .nested("cause", fault.message()),
            )),
            ReachAnswer::NoAddress(name) => Some((
                LintCode::W0910,
                Text::new("env-lint-no-address").with("name", name),
            )),
        };
        if let Some((code, message)) = fault {
            let message = message.with("target", &reached.target);
            found.push(Finding::new(code, &reached.target, message));
        }
    }
}

/// The fault of a bucket. The message lacks `target`.
pub fn bucket_finding(answer: &BucketAnswer) -> Option<(LintCode, Text)> {
    match answer {
        BucketAnswer::Opens => None,
        BucketAnswer::Silent(cause) => Some((
            LintCode::W0902,
            Text::new("env-lint-s3-silent").nested("cause", cause.message()),
        )),
        BucketAnswer::Refused { status, code } => Some((
            LintCode::W0903,
            Text::new("env-lint-s3-refused")
                .with("status", status)
                .with("code", code),
        )),
        BucketAnswer::WebPage => Some((LintCode::W0911, Text::new("env-lint-s3-page"))),
        BucketAnswer::Https => Some((LintCode::W0911, Text::new("env-lint-s3-https"))),
        BucketAnswer::Missing => Some((LintCode::W0904, Text::new("env-lint-bucket-missing"))),
    }
}

/// The fault of an ssh sign-in. The message lacks `target`.
pub fn ssh_finding(answer: &SshResult) -> Option<(LintCode, Text)> {
    match answer {
        SshResult::SignedIn => None,
        SshResult::Refused => Some((LintCode::W0906, Text::new("env-lint-ssh-refused"))),
        SshResult::Failed(_) | SshResult::NotRun(_) => {
            let message = Text::new("env-lint-ssh-failed");
            let cause = answer.cause()?;
            Some((LintCode::W0907, message.nested("cause", cause)))
        }
        SshResult::NoSsh => Some((LintCode::W0908, Text::new("env-lint-no-ssh"))),
    }
}
