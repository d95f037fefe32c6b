//! Rules over what was tried to reach.

use super::Scene;
use super::model::{Finding, SshAnswer, Subject, Tried};
use crate::i18n::Text;
use crate::platform::BucketAnswer;

pub(super) fn look(scene: &Scene<'_>, found: &mut Vec<Finding>) {
    for reached in scene.reached {
        let told = match &reached.tried {
            Tried::Database(Ok(())) | Tried::Host(Ok(())) => None,
            Tried::Database(Err(why)) => Some((
                "W0901",
                Text::new("env-lint-database-unreachable").with("why", why),
            )),
            Tried::Host(Err(why)) => Some((
                "W0905",
                Text::new("env-lint-host-unreachable").with("why", why),
            )),
            Tried::Bucket(answer) => bucket_words(answer),
            Tried::Ssh(answer) => ssh_words(answer),
        };
        if let Some((code, message)) = told {
            let subject = Subject {
                name: reached.target.clone(),
                line: None,
            };
            let message = message.with("target", &reached.target);
            found.push(Finding::new(code, subject, message));
        }
    }
}

/// What is wrong with a bucket, by its code; the target is the caller's to tell.
pub fn bucket_words(answer: &BucketAnswer) -> Option<(&'static str, Text)> {
    match answer {
        BucketAnswer::Opens => None,
        BucketAnswer::Silent { why } => {
            Some(("W0902", Text::new("env-lint-s3-silent").with("why", why)))
        }
        BucketAnswer::Refused { status, code } => Some((
            "W0903",
            Text::new("env-lint-s3-refused")
                .with("status", status)
                .with("code", code),
        )),
        BucketAnswer::Missing => Some(("W0904", Text::new("env-lint-bucket-missing"))),
    }
}

/// What is wrong with signing in, by its code; the target is the caller's to tell.
pub fn ssh_words(answer: &SshAnswer) -> Option<(&'static str, Text)> {
    match answer {
        SshAnswer::SignedIn => None,
        SshAnswer::Refused => Some(("W0906", Text::new("env-lint-ssh-refused"))),
        SshAnswer::Failed { why } => {
            Some(("W0907", Text::new("env-lint-ssh-failed").with("why", why)))
        }
        SshAnswer::NoSsh => Some(("W0908", Text::new("env-lint-no-ssh"))),
    }
}
