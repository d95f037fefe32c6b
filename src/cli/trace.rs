//! `-v` and `-vv`: what the pipeline does, on standard error. Events hold no secret by construction.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, registry};

/// Starts tracing at the level that was asked for; not at all without `-v`.
pub(super) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let ours = Targets::new().with_target("wecubectl", level);
    let lines = fmt::layer().with_target(false).with_writer(std::io::stderr);
    let subscriber = registry().with(lines.with_filter(ours));
    // Tests in one process may have started it before; the first one stays.
    let _already = subscriber.try_init();
}
