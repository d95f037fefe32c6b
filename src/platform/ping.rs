//! A URL that expects to be requested regularly (healthchecks.io and its like), and with `/fail` at its
//! end after a failure. Whoever has the URL can do the same: no error holds a part of it.

use std::time::Duration;

use super::transport::{Trust, cause_of, client_alone};
use crate::domain::FailureCause;
use crate::secret::Secret;

const PATIENCE: Duration = Duration::from_secs(10);

/// Requests the URL once. An error without a cause: it is no http or https URL.
pub async fn ping(url: &Secret, success: bool, trust: &Trust) -> Result<(), Option<FailureCause>> {
    let address = |url: &str| {
        let mut url = url::Url::parse(url.trim()).ok()?;
        let fit = matches!(url.scheme(), "http" | "https") && url.has_host();
        if !success {
            url.path_segments_mut().ok()?.pop_if_empty().push("fail");
        }
        fit.then_some(url)
    };
    let address = address(url.expose()).ok_or(None)?;
    let client = client_alone(trust, &address, PATIENCE).map_err(Some)?;
    let answer = client.get(address).send().await;
    let status = answer
        .map_err(|error| Some(cause_of(&error.without_url())))?
        .status();
    if status.is_success() {
        Ok(())
    } else {
        Err(Some(FailureCause::Said(format!(
            "HTTP {}",
            status.as_u16()
        ))))
    }
}
