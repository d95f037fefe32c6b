//! A command that could not do its work: the same document as every other, with the errors as findings.

use super::block::{Block, Group, Meaning, Words};
use super::document::{Document, FindingDoc, english};
use super::render::{Report, Shape};
use super::tsv::Tsv;
use crate::error::CommandError;
use crate::i18n::{Catalog, Text};

/// Why a command could not do its work.
#[derive(Clone, Copy, Debug)]
pub struct FailureReport<'a> {
    /// The command, as typed.
    pub command: &'a str,
    /// Why.
    pub error: &'a CommandError,
}

impl FailureReport<'_> {
    /// Machine formats have one message: the causes stand behind it.
    fn with_causes(&self, message: &Text) -> String {
        let causes = self.error.causes.iter();
        let parts: Vec<_> = std::iter::once(message)
            .chain(causes)
            .map(english)
            .collect();
        parts.join(": ")
    }
}

impl Report for FailureReport<'_> {
    fn blocks(&self, catalog: &Catalog, _: Shape) -> Vec<Block> {
        let messages = self.error.messages.iter();
        let mut blocks: Vec<_> = messages
            .map(|text| Words::new(Meaning::Bad, catalog.render(text)))
            .map(|words| Block::Group(Group::said(words)))
            .collect();
        let hints = self.error.hints.iter();
        let causes = self
            .error
            .causes
            .iter()
            .map(|cause| Text::new("cli-cause").nested("text", cause.clone()));
        blocks.extend(causes.map(|cause| Block::Line(Words::plain(catalog.render(&cause)))));
        blocks.extend(hints.map(|hint| Block::Line(Words::plain(catalog.render(hint)))));
        blocks
    }

    fn document(&self) -> Document {
        let mut document = Document::new(self.command, self.error.outcome);
        let hints: Vec<_> = self.error.hints.iter().map(english).collect();
        let hint = (!hints.is_empty()).then(|| hints.join("; "));
        let messages = self.error.messages.iter().map(|text| FindingDoc {
            code: self.error.outcome.as_str(),
            severity: "error",
            subject: self.command.to_owned(),
            message: self.with_causes(text),
            hint: hint.clone(),
            seen: None,
        });
        document.findings = Some(messages.collect());
        document
    }

    fn tsv(&self) -> String {
        let mut tsv = Tsv::new(&["outcome", "message"]);
        for text in &self.error.messages {
            tsv.row([self.error.outcome.as_str(), &self.with_causes(text)]);
        }
        tsv.finish()
    }
}
