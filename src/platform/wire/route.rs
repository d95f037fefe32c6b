//! Routes and roles.

use serde::Deserialize;

use super::tolerant::{Needed, Txt};
use crate::domain::{PluginName, RouteItem};

/// A row of `route-items`, of core and of gateways.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct RouteItemDto {
    context: Needed,
    #[serde(default)]
    host: Txt,
    #[serde(default)]
    port: Txt,
    #[serde(default)]
    path: Txt,
}

impl RouteItemDto {
    /// The domain's route. v3's gateway numbers the routes of a context (`wecmdb#1`); the number says
    /// nothing and is taken away.
    pub(in crate::platform) fn into_domain(self) -> RouteItem {
        let Self {
            context: Needed(context),
            host: Txt(host),
            port: Txt(port),
            path: Txt(path),
        } = self;
        RouteItem {
            context: PluginName::new(without_number(&context)),
            host,
            port,
            path: (!path.is_empty()).then_some(path),
        }
    }
}

fn without_number(context: &str) -> &str {
    match context.rsplit_once('#') {
        Some((name, number))
            if !name.is_empty()
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            name
        }
        _ => context,
    }
}
