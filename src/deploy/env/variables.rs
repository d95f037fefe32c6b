//! The table of variables: what each name of the env file is.
//!
//! The first block is the upgrade document's own. The others are written as fixed values in the
//! document's compose files (v4.0.0), or came with later versions (`docker-compose.tpl` of each
//! component at the tags v4.1.0 to v4.5.6).

use super::about::about;
use super::service::Service;
use crate::domain::PlatformVersion;
use crate::i18n::Text;

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A port, 1 to 65535.
    Port,
    /// A whole number; it stands without quotes in the container's JSON.
    Number,
    /// A host name or address.
    Host,
    /// `HOST:PORT`.
    Address,
    /// A directory on the host.
    Folder,
    /// Several of something, with commas between.
    List,
    /// A comma list of ports, one for each static host.
    PortList,
    /// The platform's version.
    Version,
}

/// Whether a value must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must be given, and not be empty.
    Required,
    /// Where it is absent, this is taken.
    Default(&'static str),
    /// Where it is absent, it follows from others (`Values` says how).
    Derived,
}

/// Platform versions: from one that has it, as three numbers.
pub type PlatformRange = (u32, u32, u32);

/// The first version with the document's four containers.
const V4: PlatformRange = (4, 0, 0);

/// One variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name in the env file.
    pub name: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
    /// What its value looks like.
    pub kind: Kind,
    /// Whether it must be given.
    pub need: Need,
    /// The services into which it goes.
    pub services: &'static [Service],
    /// The first platform version that reads it.
    pub since: PlatformRange,
}

impl Variable {
    /// Whether a platform of that version reads it. Of a version that cannot be read, or is before v4, it
    /// is not said that it does not: that is another fault.
    pub fn is_read_by(&self, version: Option<PlatformRange>) -> bool {
        self.since == V4 || version.is_none_or(|version| version >= self.since)
    }

    /// What it is, in one line.
    pub fn about(&self) -> Text {
        about(self.name)
    }
}

/// The variable of a name.
pub fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

/// The numbers of a `WECUBE_VERSION`.
pub fn version_of(text: &str) -> Option<PlatformRange> {
    PlatformVersion::parse(text).numbers
}

const fn given(name: &'static str, kind: Kind, services: &'static [Service]) -> Variable {
    Variable {
        name,
        secret: false,
        kind,
        need: Need::Required,
        services,
        since: V4,
    }
}

const fn hidden(name: &'static str, services: &'static [Service]) -> Variable {
    Variable {
        secret: true,
        ..given(name, Kind::Text, services)
    }
}

const fn or(variable: Variable, default: &'static str) -> Variable {
    Variable {
        need: Need::Default(default),
        ..variable
    }
}

const fn derived(variable: Variable) -> Variable {
    Variable {
        need: Need::Derived,
        ..variable
    }
}

const fn since(variable: Variable, since: PlatformRange) -> Variable {
    Variable { since, ..variable }
}

use Service::{Auth, Core, Gateway, Portal};

const EVERY: &[Service] = &[Auth, Core, Gateway, Portal];

/// Every variable, in the order of the file that `deploy init` writes.
pub const VARIABLES: &[Variable] = &[
    // The document's block.
    given("WECUBE_VERSION", Kind::Version, EVERY),
    given("HOSTIP", Kind::Host, EVERY),
    or(
        given("LOG_LEVEL", Kind::Text, &[Auth, Core, Gateway]),
        "info",
    ),
    or(given("WECUBE_PRIVATE_KEY", Kind::Text, &[Auth, Core]), ""),
    hidden("JWT_SIGNING_KEY", &[Auth, Core]),
    given("mysql_wecube_host", Kind::Host, &[Core]),
    given("mysql_wecube_port", Kind::Port, &[Core]),
    given("mysql_wecube_username", Kind::Text, &[Core]),
    hidden("mysql_wecube_password", &[Core]),
    given("mysql_auth_host", Kind::Host, &[Auth]),
    given("mysql_auth_port", Kind::Port, &[Auth]),
    given("mysql_auth_username", Kind::Text, &[Auth]),
    hidden("mysql_auth_password", &[Auth]),
    given("s3_host", Kind::Host, &[Core]),
    given("s3_port", Kind::Port, &[Core]),
    given("s3_access", Kind::Text, &[Core]),
    hidden("s3_secret", &[Core]),
    given("host_wecube_username", Kind::List, &[Core]),
    hidden("host_wecube_password", &[Core]),
    // What must be the same on both sides.
    or(
        given("mysql_wecube_database", Kind::Text, &[Core]),
        "wecube",
    ),
    or(
        given("mysql_auth_database", Kind::Text, &[Auth]),
        "auth_server",
    ),
    or(
        hidden("resource_server_password_seed", &[Core]),
        "defaultSeed",
    ),
    or(
        given("plugin_base_mount_path", Kind::Folder, &[Core]),
        "/data",
    ),
    or(
        given("plugin_deploy_path", Kind::Folder, &[Core]),
        "/data/app/plugin-image",
    ),
    // Where things lie and listen.
    or(
        given("deploy_root", Kind::Folder, EVERY),
        "/data/app/platform",
    ),
    or(given("image_prefix", Kind::Text, EVERY), "webankpartners"),
    or(given("auth_port", Kind::Port, EVERY), "8002"),
    or(given("core_port", Kind::Port, EVERY), "8000"),
    or(given("gateway_port", Kind::Port, EVERY), "8005"),
    or(given("portal_port", Kind::Port, &[Portal]), "8080"),
    // Clusters: components on hosts of their own, balancers, several static hosts.
    derived(given("auth_host", Kind::Host, EVERY)),
    derived(given("core_host", Kind::Host, EVERY)),
    derived(given("gateway_host", Kind::Host, EVERY)),
    derived(given("portal_host", Kind::Host, EVERY)),
    derived(given("auth_address", Kind::Address, &[Core, Gateway])),
    derived(given("core_address", Kind::Address, &[Auth, Gateway])),
    derived(given("gateway_address", Kind::Address, &[Core, Portal])),
    derived(given("gateway_host_ports", Kind::List, &[Core])),
    derived(given("public_domain", Kind::Address, &[Portal])),
    derived(given("static_resource_server_ips", Kind::List, &[Core])),
    or(
        given("static_resource_server_port", Kind::PortList, &[Core]),
        "22",
    ),
    derived(given("static_resource_server_path", Kind::List, &[Core])),
    // What the document's files have as it is.
    or(given("user_access_token", Kind::Number, &[Auth]), "20"),
    or(given("user_refresh_token", Kind::Number, &[Auth]), "30"),
    or(
        given("cron_keep_batch_exec_days", Kind::Number, &[Core]),
        "20",
    ),
    or(
        given("plugin_password_pub_key_path", Kind::Text, &[Core]),
        "",
    ),
    or(hidden("sub_system_private_key", &[Core]), ""),
    or(given("time_zone", Kind::Text, &[Portal]), "Asia/Shanghai"),
    // Later versions.
    since(or(given("sender_name", Kind::Text, &[Auth]), ""), (4, 1, 0)),
    since(or(given("sender_mail", Kind::Text, &[Auth]), ""), (4, 1, 0)),
    since(or(given("mail_server", Kind::Text, &[Auth]), ""), (4, 1, 0)),
    since(or(hidden("mail_password", &[Auth]), ""), (4, 1, 0)),
    since(or(given("mail_ssl", Kind::Text, &[Auth]), "N"), (4, 1, 0)),
    since(
        or(given("notify_percent", Kind::Number, &[Auth]), "80"),
        (4, 1, 0),
    ),
    since(or(hidden("encrypt_seed", &[Auth, Core]), ""), (4, 1, 0)),
    since(
        or(given("http_timeout_minute", Kind::Number, &[Gateway]), "30"),
        (4, 3, 2),
    ),
    since(
        or(given("menu_api_map_enable", Kind::Text, &[Core]), "Y"),
        (4, 4, 0),
    ),
    since(
        or(
            given("wecube_sub_system_auth_code", Kind::Text, &[Gateway]),
            "0001",
        ),
        (4, 4, 0),
    ),
    since(
        or(
            given("wecube_sub_system_core_code", Kind::Text, &[Gateway]),
            "0002",
        ),
        (4, 4, 0),
    ),
    since(
        or(
            given("wecube_sub_system_plugin_code", Kind::Text, &[Gateway]),
            "0003",
        ),
        (4, 4, 0),
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_there_once_and_each_has_words_of_its_own() {
        let names: BTreeSet<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
        assert_eq!(names.len(), VARIABLES.len());
        let keys: BTreeSet<&str> = VARIABLES.iter().map(|v| v.about().key()).collect();
        assert_eq!(keys.len(), VARIABLES.len());
        assert!(!keys.contains("env-about-none"));
    }

    #[test]
    fn what_is_secret_says_so() {
        for variable in VARIABLES {
            let name = variable.name.to_ascii_lowercase();
            let sounds_secret = ["password", "secret", "seed", "signing", "private_key"]
                .iter()
                .any(|word| name.contains(word));
            let harmless = matches!(
                variable.name,
                "WECUBE_PRIVATE_KEY" | "plugin_password_pub_key_path"
            );
            assert_eq!(variable.secret, sounds_secret && !harmless, "{name}");
        }
    }
}
