//! platform-core: passes a request to the generation of its side.

use super::shared::Shared;
use super::wire::{Answer, Request};
use super::{core_v3, core_v4};

/// Answers a request for `/platform/…`, by whatever door it came.
pub(super) async fn answer(shared: &Shared, request: &Request) -> Answer {
    let (v3, date) = {
        let state = shared.state();
        let side = state.side(request.side);
        (side.version.is_v3(), state.date(request.side))
    };
    let answer = if v3 {
        core_v3::answer(shared, request).await
    } else {
        core_v4::answer(shared, request).await
    };
    answer.header("Date", &date)
}
