//! Words for what is said about a token.

use super::decode::{Malformed, TokenPart};
use super::model::{Limitation, Operation, ReaderVerdict, Refusal, WantedAuthorities};
use crate::i18n::Text;

impl ReaderVerdict {
    /// Every refusal or lack, for people.
    pub fn reasons(&self) -> Vec<Text> {
        let refusals = self.refusals.iter().map(Refusal::text);
        let limitations = self.limitations.iter().map(Limitation::text);
        refusals.chain(limitations).collect()
    }
}

impl Malformed {
    /// Why it is no token, for people.
    pub fn text(self) -> Text {
        match self {
            Self::Empty => Text::new("token-malformed-empty"),
            Self::TooLarge { bytes } => Text::new("token-malformed-too-large").with("bytes", bytes),
            Self::Parts { count } => Text::new("token-malformed-parts").with("count", count),
            Self::NotBase64 { part } => {
                Text::new("token-malformed-base64").nested("part", part.text())
            }
            Self::NotJson { part } => Text::new("token-malformed-json").nested("part", part.text()),
        }
    }
}

impl TokenPart {
    fn text(self) -> Text {
        match self {
            Self::Header => Text::new("token-part-header"),
            Self::Payload => Text::new("token-part-payload"),
            Self::Signature => Text::new("token-part-signature"),
        }
    }
}

impl Refusal {
    /// Why a component refuses, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Malformed(malformed) => malformed.text(),
            Self::NoBearer => Text::new("token-refusal-no-bearer"),
            Self::BearerSpelling => Text::new("token-refusal-bearer-spelling"),
            Self::BearerAlone => Text::new("token-refusal-bearer-alone"),
            Self::Algorithm { found: Some(found) } => {
                let found = super::escape::escape_text(found);
                Text::new("token-refusal-algorithm").with("found", found)
            }
            Self::Algorithm { found: None } => Text::new("token-refusal-no-algorithm"),
            Self::Padded => Text::new("token-refusal-padded"),
            Self::Unsigned => Text::new("token-refusal-unsigned"),
            Self::AnotherKey => Text::new("token-refusal-another-key"),
            Self::Expired { by_s } => Text::new("token-refusal-expired").with("seconds", by_s),
            Self::IssuedAhead { by_s } => {
                Text::new("token-refusal-issued-ahead").with("seconds", by_s)
            }
            Self::NotYetValid { by_s } => {
                Text::new("token-refusal-not-yet-valid").with("seconds", by_s)
            }
            Self::ExpMissing => Text::new("token-refusal-exp-missing"),
            Self::TimeNotNumber(name) => {
                Text::new("token-refusal-time-not-number").with("claim", name.claim())
            }
            Self::TimeNotWhole(name) => {
                Text::new("token-refusal-time-not-whole").with("claim", name.claim())
            }
            Self::TypeMissing => Text::new("token-refusal-type-missing"),
            Self::RefreshToken => Text::new("token-refusal-refresh-token"),
            Self::TypeOther { found } => Text::new("token-refusal-type-other").with("found", found),
            Self::AuthorityMissing => Text::new("token-refusal-authority-missing"),
            Self::AuthorityArray => Text::new("token-refusal-authority-array"),
            Self::AuthorityOther => Text::new("token-refusal-authority-other"),
            Self::AuthorityTooShort => Text::new("token-refusal-authority-too-short"),
            Self::SubEmpty => Text::new("token-refusal-sub-empty"),
            Self::WrongType { claim } => Text::new("token-refusal-wrong-type").with("claim", claim),
            Self::NeedsRegistration => Text::new("token-refusal-needs-registration"),
        }
    }
}

impl Operation {
    /// What it is that we do, for people.
    pub fn text(self) -> Text {
        match self {
            Self::PackageDetails => Text::new("token-operation-package-details"),
            Self::Register => Text::new("token-operation-register"),
            Self::Upload => Text::new("token-operation-upload"),
            Self::ReadVariables => Text::new("token-operation-read-variables"),
            Self::WriteVariables => Text::new("token-operation-write-variables"),
            Self::AllMenus => Text::new("token-operation-all-menus"),
            Self::Servers => Text::new("token-operation-servers"),
        }
    }
}

impl Limitation {
    /// What is wrong with a token that is accepted, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Denied {
                operation,
                wants,
                words,
            } => wants
                .text()
                .nested("operation", operation.text())
                .with("denial", words),
            Self::NeverExpires => Text::new("token-limitation-never-expires"),
            Self::Milliseconds => Text::new("token-limitation-milliseconds"),
            Self::RefreshToken => Text::new("token-limitation-refresh-token"),
            Self::NoUser => Text::new("token-limitation-no-user"),
            Self::NoAuthorities => Text::new("token-limitation-no-authorities"),
            Self::SpacesKept => Text::new("token-limitation-spaces-kept"),
        }
    }
}

impl WantedAuthorities {
    fn text(self) -> Text {
        match self {
            Self::AnyOf(list) => {
                Text::new("token-limitation-any-of").with("authorities", list.join(", "))
            }
            Self::AllOf(list) => {
                Text::new("token-limitation-all-of").with("authorities", list.join(", "))
            }
        }
    }
}
