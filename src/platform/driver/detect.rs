//! The generation of an unknown platform, before a seed is known.

use crate::domain::FailureKind;
use crate::domain::{Generation, PlatformVersion, ReadFailure};
use crate::platform::driver::read::{self, CallInfo};
use crate::platform::request::RawAnswer;
use crate::platform::wire::{EnvelopeResult, Expect, decode, read_envelope};

/// What the answer to an anonymous `appinfo/version` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Detection {
    /// It told its version without a token: a v3 (`version-no-token`), or whatever it says.
    Told(PlatformVersion),
    /// It wants a token. A v4 says so with code 10000004 (`no-token`); without a code the generation
    /// is not told.
    WantsToken(Option<Generation>),
    /// It could not be told.
    Failed(ReadFailure),
}

/// Reads the answer to [`crate::platform::endpoints::version`] without a token.
pub(in crate::platform) fn detect(
    asked: CallInfo<'_>,
    answer: &RawAnswer,
    expect: Expect,
) -> Detection {
    if let EnvelopeResult::Refused {
        kind: FailureKind::TokenRefused,
        code,
        ..
    } = read_envelope(answer, expect)
    {
        return Detection::WantsToken(code.map(|_| Generation::V4));
    }
    let told =
        decode(asked.op, asked.target, answer, expect).and_then(|data| read::version(asked, data));
    match told {
        Ok(version) => Detection::Told(version),
        Err(failure) => Detection::Failed(failure),
    }
}
