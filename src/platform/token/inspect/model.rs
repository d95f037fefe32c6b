//! What is said about a token.

use serde_json::Value;

use super::decode::Malformed;
use super::prefix::AuthorizationPrefix;

/// A token, explained and judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// What stands before it.
    pub prefix: AuthorizationPrefix,
    /// Why it is no token; then there is nothing else to say of it.
    pub malformed: Option<Malformed>,
    /// `alg`, if the header has one that is a text.
    pub algorithm: Option<String>,
    /// The payload as it is, in order of names.
    pub claims: Vec<(String, Value)>,
    /// Whether the signature is by the key that was given; `None` if none was, and if there is
    /// no signature of a kind that a seed makes.
    pub signed_by_key: Option<bool>,
    /// One for each of [`TokenReader::ALL`], in that order.
    pub verdicts: Vec<ReaderVerdict>,
}

/// A component that verifies tokens, as far as the generations differ (`docs/platform/tokens.md#token-rules`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenReader {
    /// v3 core.
    V3Core,
    /// v3 auth-server.
    V3Auth,
    /// Core of v4.0 to v4.3.
    V40Core,
    /// v4 auth-server, every v4.
    V4Auth,
    /// Core from v4.4 on, which asks for menu authorities.
    V44Core,
}

impl TokenReader {
    /// All, the older first.
    pub const ALL: [Self; 5] = [
        Self::V3Core,
        Self::V3Auth,
        Self::V40Core,
        Self::V4Auth,
        Self::V44Core,
    ];

    /// Its name, the same in every language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V3Core => "v3 core",
            Self::V3Auth => "v3 auth-server",
            Self::V40Core => "v4.0–v4.3 core",
            Self::V4Auth => "v4 auth-server",
            Self::V44Core => "v4.4+ core",
        }
    }
}

/// What a component would do with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderVerdict {
    /// The component.
    pub reader: TokenReader,
    /// Why it refuses the token; empty if it accepts it.
    pub refusals: Vec<Refusal>,
    /// What is wrong with it although it is accepted; empty if it is refused.
    pub limitations: Vec<Limitation>,
}

/// A name of a time claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum TimeName {
    /// `exp`
    Exp,
    /// `iat`
    Iat,
    /// `nbf`
    Nbf,
}

impl TimeName {
    /// The claim.
    pub fn claim(self) -> &'static str {
        self.into()
    }
}

/// Why a component refuses a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no token.
    Malformed(Malformed),
    /// v3 looks for `Bearer ` exactly, and treats everything else as no token.
    NoBearer,
    /// Something stands before the token that is not cut off.
    BearerSpelling,
    /// `Bearer` alone: v4 core panics.
    BearerAlone,
    /// An algorithm that is not accepted, or none.
    Algorithm {
        /// As the header says it.
        found: Option<String>,
    },
    /// A part ends with `=`, which v4 auth-server does not take.
    Padded,
    /// There is no signature.
    Unsigned,
    /// Signed with another key than the one that was given.
    AnotherKey,
    /// `exp` has passed.
    Expired {
        /// By that many seconds.
        by_s: i64,
    },
    /// `iat` lies ahead.
    IssuedAhead {
        /// By that many seconds.
        by_s: i64,
    },
    /// `nbf` lies ahead.
    NotYetValid {
        /// By that many seconds.
        by_s: i64,
    },
    /// No `exp`.
    ExpMissing,
    /// A time that is not a number (v4 core asks it of `exp`, v4 auth-server of `iat` too; v3 takes
    /// a number in quotes).
    TimeNotNumber(TimeName),
    /// A time with a fraction or an exponent: v4 auth-server wants whole seconds.
    TimeNotWhole(TimeName),
    /// No `type`: v3 wants `accessToken`.
    TypeMissing,
    /// A refresh token.
    RefreshToken,
    /// Another `type`.
    TypeOther {
        /// As it stands there.
        found: String,
    },
    /// No `authority`.
    AuthorityMissing,
    /// `authority` is a JSON array.
    AuthorityArray,
    /// `authority` is neither a text nor an array.
    AuthorityOther,
    /// `authority` has fewer than two characters: v4 core panics.
    AuthorityTooShort,
    /// `sub` is empty.
    SubEmpty,
    /// A claim of a type that v4 auth-server cannot decode.
    WrongType {
        /// The claim.
        claim: &'static str,
    },
    /// `needRegister` is set: v4 auth-server lets the bearer apply for roles, nothing else.
    NeedsRegistration,
}

/// Something that we do, as far as authorities are asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Reading a package's instances, dependencies, menus.
    PackageDetails,
    /// Registering a package.
    Register,
    /// Uploading a package.
    Upload,
    /// Reading system variables.
    ReadVariables,
    /// Creating, changing and deleting system variables.
    WriteVariables,
    /// Reading all menus.
    AllMenus,
    /// Reading the servers that plugins run on.
    Servers,
}

/// Authorities that an operation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedAuthorities {
    /// One of these.
    AnyOf(&'static [&'static str]),
    /// All of these.
    AllOf(&'static [&'static str]),
}

/// What is wrong with a token that a component accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limitation {
    /// An operation that we do is denied to the bearer (HTTP 200 with `status` `ERROR`).
    Denied {
        /// The operation.
        operation: Operation,
        /// What it asks for.
        wants: WantedAuthorities,
        /// The words of the denial.
        words: &'static str,
    },
    /// There is no `exp`, or it is 0: it is accepted for ever.
    NeverExpires,
    /// `exp` is in milliseconds: it is read as seconds, many thousand years ahead.
    Milliseconds,
    /// A refresh token passes as an access token.
    RefreshToken,
    /// The user is logged as the text `%!s(<nil>)` or the like.
    NoUser,
    /// `authority` does not have the form `[A,B]`: no authority is read from it.
    NoAuthorities,
    /// Spaces in `authority` are kept: ` B` is not `B`.
    SpacesKept,
}
