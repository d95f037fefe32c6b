//! Progress of image transfers: a bar per image on a terminal, else a line at start and end.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::deploy::env::Service;
use crate::deploy::images::ImageEvent;
use crate::i18n::{Catalog, Text};

/// Bars of up to four images.
pub struct ImageProgress {
    catalog: Catalog,
    talks: bool,
    bars: Option<MultiProgress>,
    of: Mutex<BTreeMap<Service, ProgressBar>>,
}

impl ImageProgress {
    /// Progress on standard error: bars with `draws`, else lines with `talks`, else nothing.
    pub fn new(catalog: Catalog, draws: bool, talks: bool) -> Self {
        let target = ProgressDrawTarget::stderr;
        Self {
            catalog,
            talks,
            bars: draws.then(|| MultiProgress::with_draw_target(target())),
            of: Mutex::new(BTreeMap::new()),
        }
    }

    /// Shows an event.
    pub fn show(&self, event: &ImageEvent) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        match (event, &self.bars) {
            (ImageEvent::Started(component), Some(bars)) => {
                let bar = bars.add(ProgressBar::new_spinner().with_prefix(component.name()));
                bar.set_style(style());
                bar.enable_steady_tick(std::time::Duration::from_millis(120));
                of.insert(*component, bar);
            }
            (ImageEvent::Started(component), None) => {
                self.say(&Text::new("deploy-progress-started").with("component", component));
            }
            (
                ImageEvent::Layers {
                    component,
                    done,
                    total,
                },
                _,
            ) => {
                if let Some(bar) = of.get(component) {
                    let text = Text::new("deploy-progress-layers")
                        .count("done", *done)
                        .count("total", *total);
                    bar.set_message(self.catalog.render(&text));
                }
            }
            (ImageEvent::Finished(component), Some(_)) => {
                if let Some(bar) = of.remove(component) {
                    bar.finish_and_clear();
                }
            }
            (ImageEvent::Finished(component), None) => {
                self.say(&Text::new("deploy-progress-finished").with("component", component));
            }
        }
    }

    fn say(&self, text: &Text) {
        if self.talks {
            let mut err = std::io::stderr().lock();
            // A failure of standard error cannot be reported.
            let _gone = writeln!(err, "{}", self.catalog.render(text));
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {prefix:22} {elapsed:>5} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}
