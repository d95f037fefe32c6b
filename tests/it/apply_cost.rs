//! What a run costs the platform, by the ledger of the simulated platforms: readings are shared.

#![cfg(feature = "sim")]

use wecubectl::sim::{SideName, World};

use crate::support::Site;

/// Runs `apply` on so many plugins with a UI; how often each list of the new side was read.
async fn listings(plugins: usize, service_time_ms: f64) -> [usize; 2] {
    let site = Site::of(World::plugins(plugins).service_time_ms(service_time_ms)).await;
    let applied = site.run(&["apply", "--yes", "-q"]).await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    let ledger = site.running.ledger();
    assert_eq!(ledger.registered(SideName::New).len(), plugins);
    let requests = &ledger.requests;
    ["/platform/v1/packages", "/platform/v1/resource-files"].map(|path| {
        let of_new = requests.iter().filter(|it| it.side == SideName::New);
        of_new.filter(|it| it.path == path).count()
    })
}

/// The plan, the look before the canary, its proof, that of the last one, the comparison; and one at
/// most every three seconds.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_plugins_are_verified_by_a_handful_of_readings() {
    let read = listings(60, 100.0).await;
    assert!(
        read.iter().all(|times| (5..=20).contains(times)),
        "{read:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_do_not_grow_with_the_plugins() {
    let read = listings(300, 0.0).await;
    assert!(
        read.iter().all(|times| (5..=60).contains(times)),
        "{read:?}"
    );
}
