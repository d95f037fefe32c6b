//! Who a token is for, and its claims (`docs/platform/tokens.md#claims-that-pass-everywhere`, the claims that passes v3 core, v4 core and
//! both auth-servers).

use serde::Serialize;

use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// The user if none is given. No platform checks that it exists; it stands in audit columns.
pub const DEFAULT_USER: &str = "wecubectl";

/// The authorities where none are given: they pass every check that our operations meet, v4.4's
/// menu permissions included (`docs/platform/tokens.md#required-authorities`).
pub const DEFAULT_AUTHORITIES: [&str; 5] = [
    "SUPER_ADMIN",
    "ADMIN_SYSTEM_PARAMS",
    "ADMIN_RESOURCES_MANAGEMENT",
    "COLLABORATION_PLUGIN_MANAGEMENT",
    "ADMIN_USER_ROLE_MANAGEMENT",
];

/// How far `iat` lies before the server's time, in seconds. v4 refuses a token issued in its future
/// without any tolerance, and what we know of its time is right to a second or two.
pub const BACKDATE_S: i64 = 60;

/// How long a token lives from the server's time on, in seconds.
pub const LIFE_S: i64 = 120;

/// The longest user name, in characters: `plugin_packages.updated_by` is a `varchar(64)` from
/// v4.2.0 on (`v4.2.0.sql`), and a registration writes it.
const MAX_USER_CHARS: usize = 64;

/// Who a token says it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    user: String,
    authorities: Vec<String>,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            user: DEFAULT_USER.to_owned(),
            authorities: DEFAULT_AUTHORITIES.map(str::to_owned).into(),
        }
    }
}

impl Identity {
    /// A user with authorities (role names and menu codes share this list), the default ones where
    /// none is given: a token without any is of no use. What is given twice is kept once.
    pub fn new(user: &str, authorities: &[String]) -> Result<Self, IdentityError> {
        let fault = |part, fault| IdentityError { part, fault };
        check(user).map_err(|found| fault(IdentityPart::User, found))?;
        if user.chars().count() > MAX_USER_CHARS {
            return Err(fault(IdentityPart::User, IdentityFault::TooLong));
        }
        if authorities.is_empty() {
            return Ok(Self {
                user: user.to_owned(),
                ..Self::default()
            });
        }
        let mut kept: Vec<String> = Vec::with_capacity(authorities.len());
        for (nth, authority) in (1..).zip(authorities) {
            check(authority).map_err(|found| fault(IdentityPart::Authority(nth), found))?;
            if kept.iter().all(|earlier| earlier != authority) {
                kept.push(authority.clone());
            }
        }
        Ok(Self {
            user: user.to_owned(),
            authorities: kept,
        })
    }

    /// The user name.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The authorities, at least one.
    pub fn authorities(&self) -> &[String] {
        &self.authorities
    }
}

/// The claim is `[A,B]`: v4 splits at the comma without trimming, v3 cuts the brackets off.
fn check(name: &str) -> Result<(), IdentityFault> {
    if name.is_empty() {
        return Err(IdentityFault::Empty);
    }
    let fault = |letter: char| match letter {
        ',' => Some(IdentityFault::Comma),
        '[' | ']' => Some(IdentityFault::Bracket),
        _ if letter.is_control() => Some(IdentityFault::Control),
        _ if letter.is_whitespace() => Some(IdentityFault::Space),
        _ => None,
    };
    name.chars().find_map(fault).map_or(Ok(()), Err)
}

/// A user name or authority that no token can carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityError {
    /// What is wrong.
    pub part: IdentityPart,
    /// What is wrong with it.
    pub fault: IdentityFault,
}

/// A part of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityPart {
    /// `--user`.
    User,
    /// The authority of that place, from 1.
    Authority(usize),
}

/// What can be wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityFault {
    /// Nothing there.
    Empty,
    /// A comma: it separates authorities.
    Comma,
    /// `[` or `]`: they enclose the list.
    Bracket,
    /// White space: v4 does not trim it.
    Space,
    /// A control character.
    Control,
    /// A user name of more than 64 characters.
    TooLong,
}

/// The claims of a token of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who it is for.
    pub identity: Identity,
    /// `iat`: whole seconds since 1970 in the server's time.
    pub issued_at: i64,
    /// `exp`: whole seconds since 1970 in the server's time.
    pub expires_at: i64,
}

impl Claims {
    /// The claims of a token made at that second of the server's time.
    pub fn at(identity: &Identity, server_now_s: i64) -> Self {
        Self {
            identity: identity.clone(),
            issued_at: server_now_s - BACKDATE_S,
            expires_at: server_now_s + LIFE_S,
        }
    }

    /// The payload, as it is signed.
    pub(super) fn payload(&self) -> Payload<'_> {
        Payload {
            sub: &self.identity.user,
            iat: self.issued_at,
            exp: self.expires_at,
            r#type: "accessToken",
            client_type: "USER",
            authority: format!("[{}]", self.identity.authorities.join(",")),
        }
    }
}

/// A payload that v3 core, v4 core and both auth-servers accept.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payload<'a> {
    sub: &'a str,
    iat: i64,
    exp: i64,
    r#type: &'static str,
    client_type: &'static str,
    authority: String,
}

impl Failure for IdentityError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        let part = match self.part {
            IdentityPart::User => Text::new("token-identity-user"),
            IdentityPart::Authority(nth) => Text::new("token-identity-authority").with("nth", nth),
        };
        let text = match self.fault {
            IdentityFault::Empty => Text::new("token-identity-empty"),
            IdentityFault::Comma => Text::new("token-identity-comma"),
            IdentityFault::Bracket => Text::new("token-identity-bracket"),
            IdentityFault::Space => Text::new("token-identity-space"),
            IdentityFault::Control => Text::new("token-identity-control"),
            IdentityFault::TooLong => {
                Text::new("token-identity-too-long").with("limit", MAX_USER_CHARS)
            }
        };
        text.nested("part", part)
    }
}
