//! The variables of the env file.
//!
//! The first block is that of the WeCube upgrade guide. The others are fixed values in the guide's
//! compose files (v4.0.0), or came with later versions (`docker-compose.tpl` of each component at the
//! tags v4.1.0 to v4.5.6).

use super::service::Service;
use crate::domain::PlatformVersion;
use crate::i18n::Text;

/// The form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A port, 1 to 65535.
    Port,
    /// A whole number; the container's JSON has it without quotes.
    Number,
    /// A host name or address.
    Host,
    /// `HOST:PORT`.
    Address,
    /// A directory on the host.
    Folder,
    /// A comma list of `HOST:PORT`.
    AddressList,
    /// A comma list of host names or addresses.
    HostList,
    /// Another comma list.
    List,
    /// A comma list of ports, one per static host.
    PortList,
    /// The platform's version.
    Version,
}

/// Where a value comes from if the file does not set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Nowhere: the file must set it.
    Required,
    /// This default.
    Default(&'static str),
    /// Derived from other variables by `Values`.
    Derived,
}

/// A platform version as three numbers.
pub type VersionNumbers = (u32, u32, u32);

/// The first version with four containers.
const V4: VersionNumbers = (4, 0, 0);

/// One variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name in the env file.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: fn() -> Text,
    /// Whether its value must not be shown.
    pub secret: bool,
    /// Form of its value.
    pub kind: ValueKind,
    /// Where its value comes from if the file does not set it.
    pub requirement: Requirement,
    /// The services that read it.
    pub services: &'static [Service],
    /// The first platform version that reads it.
    pub since: VersionNumbers,
}

impl Variable {
    /// Whether a platform of that version reads it. True if the version cannot be read; another rule
    /// reports that.
    pub fn is_read_by(&self, version: Option<VersionNumbers>) -> bool {
        self.since == V4 || version.is_none_or(|version| version >= self.since)
    }
}

/// Finds a variable by its name.
pub fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

/// Parses `WECUBE_VERSION`.
pub fn version_of(text: &str) -> Option<VersionNumbers> {
    PlatformVersion::parse(text).numbers
}

/// Declares the variables: name, form, services, requirement, description.
macro_rules! variables {
    ($($name:literal, $kind:ident, $services:expr, $requirement:expr, $about:expr
        $(, since $since:expr)? $(, secret $secret:literal)?;)+) => {
        /// Every variable, in the order of the file that `deploy init` writes.
        pub const VARIABLES: &[Variable] = &[$(Variable {
            name: $name,
            about: || $about,
            secret: is_secret!($($secret)?),
            kind: ValueKind::$kind,
            requirement: $requirement,
            services: &$services,
            since: first_version!($($since)?),
        },)+];
    };
}

macro_rules! is_secret {
    () => {
        false
    };
    ($secret:literal) => {
        $secret
    };
}

macro_rules! first_version {
    () => {
        V4
    };
    ($since:expr) => {
        $since
    };
}

use Requirement::{Default, Derived, Required};
use Service::{Auth, Core, Gateway, Portal};

const EVERY: [Service; 4] = Service::ALL;

variables! {
    // The guide's block.
    "WECUBE_VERSION", Version, EVERY, Required, Text::new("env-about-wecube-version");
    "HOSTIP", Host, EVERY, Required, Text::new("env-about-hostip");
    "LOG_LEVEL", Text, [Auth, Core, Gateway], Default("info"), Text::new("env-about-log-level");
    "WECUBE_PRIVATE_KEY", Text, [Auth, Core], Default(""), Text::new("env-about-wecube-private-key");
    "JWT_SIGNING_KEY", Text, [Auth, Core], Required, Text::new("env-about-jwt-signing-key"), secret true;
    "mysql_wecube_host", Host, [Core], Required, Text::new("env-about-mysql-wecube-host");
    "mysql_wecube_port", Port, [Core], Required, Text::new("env-about-mysql-wecube-port");
    "mysql_wecube_username", Text, [Core], Required, Text::new("env-about-mysql-wecube-username");
    "mysql_wecube_password", Text, [Core], Required, Text::new("env-about-mysql-wecube-password"), secret true;
    "mysql_auth_host", Host, [Auth], Required, Text::new("env-about-mysql-auth-host");
    "mysql_auth_port", Port, [Auth], Required, Text::new("env-about-mysql-auth-port");
    "mysql_auth_username", Text, [Auth], Required, Text::new("env-about-mysql-auth-username");
    "mysql_auth_password", Text, [Auth], Required, Text::new("env-about-mysql-auth-password"), secret true;
    "s3_host", Host, [Core], Required, Text::new("env-about-s3-host");
    "s3_port", Port, [Core], Required, Text::new("env-about-s3-port");
    "s3_access", Text, [Core], Required, Text::new("env-about-s3-access");
    "s3_secret", Text, [Core], Required, Text::new("env-about-s3-secret"), secret true;
    "host_wecube_username", List, [Core], Required, Text::new("env-about-host-wecube-username");
    "host_wecube_password", Text, [Core], Required, Text::new("env-about-host-wecube-password"), secret true;
    // Must be the same on both instances.
    "mysql_wecube_database", Text, [Core], Default("wecube"), Text::new("env-about-mysql-wecube-database");
    "mysql_auth_database", Text, [Auth], Default("auth_server"), Text::new("env-about-mysql-auth-database");
    "resource_server_password_seed", Text, [Core], Default("defaultSeed"), Text::new("env-about-resource-server-password-seed"), secret true;
    "plugin_base_mount_path", Folder, [Core], Default("/data"), Text::new("env-about-plugin-base-mount-path");
    "plugin_deploy_path", Folder, [Core], Default("/data/app/plugin-image"), Text::new("env-about-plugin-deploy-path");
    // Directories and ports.
    "deploy_root", Folder, EVERY, Default("/data/app/platform"), Text::new("env-about-deploy-root");
    "image_prefix", Text, EVERY, Default("ccr.ccs.tencentyun.com/webankpartners"), Text::new("env-about-image-prefix");
    "auth_port", Port, EVERY, Default("8002"), Text::new("env-about-auth-port");
    "core_port", Port, EVERY, Default("8000"), Text::new("env-about-core-port");
    "gateway_port", Port, EVERY, Default("8005"), Text::new("env-about-gateway-port");
    "portal_port", Port, [Portal], Default("8080"), Text::new("env-about-portal-port");
    // Clusters: components on their own hosts, load balancers, several static hosts.
    "auth_host", Host, EVERY, Derived, Text::new("env-about-auth-host");
    "core_host", Host, EVERY, Derived, Text::new("env-about-core-host");
    "gateway_host", Host, EVERY, Derived, Text::new("env-about-gateway-host");
    "portal_host", Host, EVERY, Derived, Text::new("env-about-portal-host");
    "auth_address", Address, [Core, Gateway], Derived, Text::new("env-about-auth-address");
    "core_address", Address, [Auth, Gateway], Derived, Text::new("env-about-core-address");
    "gateway_address", Address, [Core, Portal], Derived, Text::new("env-about-gateway-address");
    "gateway_host_ports", AddressList, [Core], Derived, Text::new("env-about-gateway-host-ports");
    "public_domain", Address, [Portal], Derived, Text::new("env-about-public-domain");
    "static_resource_server_ips", HostList, [Core], Derived, Text::new("env-about-static-resource-server-ips");
    "static_resource_server_port", PortList, [Core], Default("22"), Text::new("env-about-static-resource-server-port");
    "static_resource_server_path", List, [Core], Derived, Text::new("env-about-static-resource-server-path");
    // Fixed values in the guide's files.
    "user_access_token", Number, [Auth], Default("20"), Text::new("env-about-user-access-token");
    "user_refresh_token", Number, [Auth], Default("30"), Text::new("env-about-user-refresh-token");
    "cron_keep_batch_exec_days", Number, [Core], Default("20"), Text::new("env-about-cron-keep-batch-exec-days");
    "plugin_password_pub_key_path", Text, [Core], Default(""), Text::new("env-about-plugin-password-pub-key-path");
    "sub_system_private_key", Text, [Core], Default(""), Text::new("env-about-sub-system-private-key"), secret true;
    "time_zone", Text, [Portal], Default("Asia/Shanghai"), Text::new("env-about-time-zone");
    // Later versions.
    "sender_name", Text, [Auth], Default(""), Text::new("env-about-sender-name"), since (4, 1, 0);
    "sender_mail", Text, [Auth], Default(""), Text::new("env-about-sender-mail"), since (4, 1, 0);
    "mail_server", Text, [Auth], Default(""), Text::new("env-about-mail-server"), since (4, 1, 0);
    "mail_password", Text, [Auth], Default(""), Text::new("env-about-mail-password"), since (4, 1, 0), secret true;
    "mail_ssl", Text, [Auth], Default("N"), Text::new("env-about-mail-ssl"), since (4, 1, 0);
    "notify_percent", Number, [Auth], Default("80"), Text::new("env-about-notify-percent"), since (4, 1, 0);
    "encrypt_seed", Text, [Auth, Core], Default(""), Text::new("env-about-encrypt-seed"), since (4, 1, 0), secret true;
    "http_timeout_minute", Number, [Gateway], Default("30"), Text::new("env-about-http-timeout-minute"), since (4, 3, 2);
    "menu_api_map_enable", Text, [Core], Default("Y"), Text::new("env-about-menu-api-map-enable"), since (4, 4, 0);
    "wecube_sub_system_auth_code", Text, [Gateway], Default("0001"), Text::new("env-about-wecube-sub-system-auth-code"), since (4, 4, 0);
    "wecube_sub_system_core_code", Text, [Gateway], Default("0002"), Text::new("env-about-wecube-sub-system-core-code"), since (4, 4, 0);
    "wecube_sub_system_plugin_code", Text, [Gateway], Default("0003"), Text::new("env-about-wecube-sub-system-plugin-code"), since (4, 4, 0);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn variables_have_unique_names_and_texts() {
        let names: BTreeSet<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
        assert_eq!(names.len(), VARIABLES.len());
        let keys = VARIABLES.iter().map(|v| (v.about)().key().to_owned());
        let keys: BTreeSet<String> = keys.collect();
        assert_eq!(keys.len(), VARIABLES.len());
    }

    #[test]
    fn variable_is_secret_if_its_name_says_so() {
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
