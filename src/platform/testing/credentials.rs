//! Credentials that count what was asked of them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use secrecy::SecretString;

use crate::platform::transport::{BearerFuture, Credentials, Freshness};

/// Gives `token-0`, and after each refusal the next number.
#[derive(Default)]
pub(in crate::platform) struct FakeCredentials {
    generation: AtomicU32,
    /// Dates learned.
    pub(in crate::platform) learned: Mutex<Vec<SystemTime>>,
    /// Why there is no token.
    broken: Option<String>,
}

impl FakeCredentials {
    /// Credentials that have no token to give.
    pub(in crate::platform) fn broken(why: &str) -> Self {
        Self {
            broken: Some(why.to_owned()),
            ..Self::default()
        }
    }
}

impl Credentials for FakeCredentials {
    fn bearer(&self, freshness: Freshness) -> BearerFuture<'_> {
        if freshness == Freshness::New {
            self.generation.fetch_add(1, Ordering::SeqCst);
        }
        let result = if let Some(why) = &self.broken {
            Err(crate::domain::FailureCause::Said(why.clone()))
        } else {
            let number = self.generation.load(Ordering::SeqCst);
            Ok(SecretString::from(format!("token-{number}")))
        };
        Box::pin(async move { result })
    }

    fn learn(&self, told: SystemTime, _asked_at: SystemTime, _heard_at: SystemTime) {
        self.learned.lock().unwrap().push(told);
    }
}
