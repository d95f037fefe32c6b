//! The rules by which each component accepts or refuses a token. One function per component, each
//! rule a line of it.

mod authority;
mod findings;
mod v3;
mod v4_auth;
mod v4_core;

#[cfg(test)]
pub(super) use authority::Authorities;

use self::findings::Findings;
use super::decode::{Decoded, Malformed};
use super::model::{ReaderVerdict, Refusal, TokenReader};
use super::prefix::AuthorizationPrefix;
use super::signature::algorithm;

/// A token and when it is looked at.
pub(super) struct Case<'a> {
    /// What stands before it.
    pub(super) prefix: AuthorizationPrefix,
    /// What is in it.
    pub(super) decoded: &'a Result<Decoded, Malformed>,
    /// Whether it is signed with the key that was given, if that can be told.
    pub(super) signed_by_key: Option<bool>,
    /// The server's time in whole seconds.
    pub(super) now_s: i64,
}

/// What each component would do.
pub(super) fn judge_all(case: &Case<'_>) -> Vec<ReaderVerdict> {
    TokenReader::ALL
        .into_iter()
        .map(|reader| judge(reader, case))
        .collect()
}

fn judge(reader: TokenReader, case: &Case<'_>) -> ReaderVerdict {
    let mut found = Findings::default();
    if let Some(refusal) = prefix(reader, case.prefix) {
        found.refuse(refusal);
    }
    match case.decoded {
        // `Bearer` alone has no token behind it: what stands before it says all.
        Err(_) if case.prefix == AuthorizationPrefix::BearerAlone => {}
        Err(malformed) => found.refuse(Refusal::Malformed(*malformed)),
        Ok(decoded) => {
            seal(&mut found, decoded, case.signed_by_key);
            match reader {
                TokenReader::V3Core | TokenReader::V3Auth => {
                    v3::judge(&mut found, reader, decoded, case.now_s);
                }
                TokenReader::V40Core | TokenReader::V44Core => {
                    v4_core::judge(&mut found, reader, decoded, case.now_s);
                }
                TokenReader::V4Auth => v4_auth::judge(&mut found, decoded, case.now_s),
            }
        }
    }
    if !found.refusals.is_empty() {
        found.limitations.clear();
    }
    ReaderVerdict {
        reader,
        refusals: found.refusals,
        limitations: found.limitations,
    }
}

/// `docs/platform/tokens.md#authorization-header`.
fn prefix(reader: TokenReader, prefix: AuthorizationPrefix) -> Option<Refusal> {
    use AuthorizationPrefix::{
        Bare, Bearer, BearerAlone, BearerGlued, BearerOther, BearerSpaces, OtherCase,
    };
    let refusal = match reader {
        TokenReader::V3Core | TokenReader::V3Auth => match prefix {
            Bare | Bearer | BearerSpaces => return None,
            BearerOther | BearerGlued | OtherCase | BearerAlone => Refusal::NoBearer,
        },
        TokenReader::V40Core | TokenReader::V44Core => match prefix {
            Bare | Bearer | BearerOther => return None,
            BearerSpaces | BearerGlued | OtherCase => Refusal::BearerSpelling,
            BearerAlone => Refusal::BearerAlone,
        },
        TokenReader::V4Auth => match prefix {
            Bare | Bearer => return None,
            BearerSpaces | BearerOther | BearerGlued | OtherCase | BearerAlone => {
                Refusal::BearerSpelling
            }
        },
    };
    Some(refusal)
}

/// Algorithm and signature: the same everywhere (`docs/platform/tokens.md#algorithms`).
fn seal(found: &mut Findings, decoded: &Decoded, signed_by_key: Option<bool>) {
    if algorithm(decoded).is_none() {
        let unknown = decoded.algorithm.clone();
        found.refuse(Refusal::Algorithm { found: unknown });
    }
    found.refuse_if(decoded.unsigned, Refusal::Unsigned);
    let another = signed_by_key == Some(false) && !decoded.unsigned;
    found.refuse_if(another, Refusal::AnotherKey);
}
