//! What lint finds keeps containers from being started, unless it is accepted by its code.

use crate::cli::context::Context;
use crate::deploy::env::Service;
use crate::deploy::host::facts;
use crate::deploy::lint::{Scene, gate, lint};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;

/// Lints the env file, where one is named; without one there is nothing to lint.
pub(super) fn check(
    accepted: &[String],
    is_local: bool,
    context: &Context<'_>,
) -> Result<(), CommandError> {
    let findings = if context.files.env().is_some() {
        let read = super::read(context)?;
        let values = &read.values;
        let containers: Vec<String> = Service::ALL.map(|one| values.container(one)).into();
        let host = is_local.then(|| facts::read(&values.root(), &containers));
        lint(&Scene {
            values,
            names: &read.faults,
            files: &super::lint::file_facts(&read.path, values, None),
            host: host.as_ref(),
            old: None,
            reached: &[],
        })
    } else {
        Vec::new()
    };
    let Err(refused) = gate(&findings, accepted) else {
        return Ok(());
    };
    if !refused.unknown.is_empty() {
        return Err(super::lint::unknown_codes(&refused.unknown));
    }
    let messages = refused.findings.iter().map(|finding| {
        Text::new("deploy-gate-finding")
            .with("code", finding.code)
            .with("subject", &finding.subject)
            .nested("message", finding.message.clone())
    });
    Err(CommandError {
        outcome: Outcome::Unsafe,
        messages: messages.collect(),
        hints: vec![Text::new("deploy-gate-hint")],
    })
}
