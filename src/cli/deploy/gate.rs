//! What lint finds keeps containers from being started, unless it is accepted by its code.

use crate::cli::context::Context;
use crate::deploy::lint::gate;
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
        super::lint::look(&super::read(context)?, is_local, None, &[])
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
        causes: Vec::new(),
        hints: vec![Text::new("deploy-gate-hint")],
    })
}
