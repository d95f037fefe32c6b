//! What each cause means and what to do next, in words for people.

use crate::i18n::Text;

/// Every cause that a register can be refused for. `explain` knows each of them.
pub const REGISTER_CAUSES: [&str; 41] = [
    "auth_server",
    "copy_damaged",
    "core_disk",
    "core_image",
    "database_busy",
    "database_error",
    "database_lock",
    "database_schema",
    "decommissioned",
    "dependency",
    "endpoint_absent",
    "menu_undeclared",
    "mixed_folder",
    "no_index_html",
    "not_wecube",
    "permission",
    "platform_too_old",
    "rate_limited",
    "redirected",
    "remote_command",
    "s3_access",
    "s3_object_missing",
    "s3_unreachable",
    "server_error",
    "ssh_host_key",
    "ssh_overload",
    "ssh_password",
    "ssh_unreachable",
    "static_config",
    "static_copy",
    "static_disk",
    "static_not_writable",
    "static_unpack",
    "token_refused",
    "too_many_versions",
    "ui_package",
    "unavailable",
    "unknown_package",
    "unrecognised",
    "unzip_missing",
    "version_unreadable",
];

/// What a cause means, and what to do next. A cause that is not in [`REGISTER_CAUSES`] gets the words
/// of `unrecognised`.
pub fn cause_text(cause: &str) -> (Text, Text) {
    package_cause(cause)
        .or_else(|| static_host_cause(cause))
        .or_else(|| core_cause(cause))
        .or_else(|| access_cause(cause))
        .unwrap_or_else(|| {
            (
                Text::new("platform-cause-unrecognised"),
                Text::new("platform-next-unrecognised"),
            )
        })
}

/// Causes that lie in the package or in what it needs.
fn package_cause(cause: &str) -> Option<(Text, Text)> {
    Some(match cause {
        "unknown_package" => (
            Text::new("platform-cause-unknown-package"),
            Text::new("platform-next-unknown-package"),
        ),
        "platform_too_old" => (
            Text::new("platform-cause-platform-too-old"),
            Text::new("platform-next-platform-too-old"),
        ),
        "dependency" => (
            Text::new("platform-cause-dependency"),
            Text::new("platform-next-dependency"),
        ),
        "decommissioned" => (
            Text::new("platform-cause-decommissioned"),
            Text::new("platform-next-decommissioned"),
        ),
        "too_many_versions" => (
            Text::new("platform-cause-too-many-versions"),
            Text::new("platform-next-too-many-versions"),
        ),
        "menu_undeclared" => (
            Text::new("platform-cause-menu-undeclared"),
            Text::new("platform-next-menu-undeclared"),
        ),
        "version_unreadable" => (
            Text::new("platform-cause-version-unreadable"),
            Text::new("platform-next-version-unreadable"),
        ),
        "no_index_html" => (
            Text::new("platform-cause-no-index-html"),
            Text::new("platform-next-no-index-html"),
        ),
        "ui_package" => (
            Text::new("platform-cause-ui-package"),
            Text::new("platform-next-ui-package"),
        ),
        "s3_object_missing" => (
            Text::new("platform-cause-s3-object-missing"),
            Text::new("platform-next-s3-object-missing"),
        ),
        _ => return None,
    })
}

/// Causes that lie on the static resource host or on the way to it.
fn static_host_cause(cause: &str) -> Option<(Text, Text)> {
    Some(match cause {
        "ssh_password" => (
            Text::new("platform-cause-ssh-password"),
            Text::new("platform-next-ssh-password"),
        ),
        "ssh_host_key" => (
            Text::new("platform-cause-ssh-host-key"),
            Text::new("platform-next-ssh-host-key"),
        ),
        "ssh_unreachable" => (
            Text::new("platform-cause-ssh-unreachable"),
            Text::new("platform-next-ssh-unreachable"),
        ),
        "ssh_overload" => (
            Text::new("platform-cause-ssh-overload"),
            Text::new("platform-next-ssh-overload"),
        ),
        "static_copy" => (
            Text::new("platform-cause-static-copy"),
            Text::new("platform-next-static-copy"),
        ),
        "static_not_writable" => (
            Text::new("platform-cause-static-not-writable"),
            Text::new("platform-next-static-not-writable"),
        ),
        "static_disk" => (
            Text::new("platform-cause-static-disk"),
            Text::new("platform-next-static-disk"),
        ),
        "static_unpack" => (
            Text::new("platform-cause-static-unpack"),
            Text::new("platform-next-static-unpack"),
        ),
        "copy_damaged" => (
            Text::new("platform-cause-copy-damaged"),
            Text::new("platform-next-copy-damaged"),
        ),
        "unzip_missing" => (
            Text::new("platform-cause-unzip-missing"),
            Text::new("platform-next-unzip-missing"),
        ),
        "remote_command" => (
            Text::new("platform-cause-remote-command"),
            Text::new("platform-next-remote-command"),
        ),
        "mixed_folder" => (
            Text::new("platform-cause-mixed-folder"),
            Text::new("platform-next-mixed-folder"),
        ),
        _ => return None,
    })
}

/// Causes that lie in core, its configuration, its database or S3.
fn core_cause(cause: &str) -> Option<(Text, Text)> {
    Some(match cause {
        "static_config" => (
            Text::new("platform-cause-static-config"),
            Text::new("platform-next-static-config"),
        ),
        "core_disk" => (
            Text::new("platform-cause-core-disk"),
            Text::new("platform-next-core-disk"),
        ),
        "core_image" => (
            Text::new("platform-cause-core-image"),
            Text::new("platform-next-core-image"),
        ),
        "s3_access" => (
            Text::new("platform-cause-s3-access"),
            Text::new("platform-next-s3-access"),
        ),
        "s3_unreachable" => (
            Text::new("platform-cause-s3-unreachable"),
            Text::new("platform-next-s3-unreachable"),
        ),
        "database_lock" => (
            Text::new("platform-cause-database-lock"),
            Text::new("platform-next-database-lock"),
        ),
        "database_busy" => (
            Text::new("platform-cause-database-busy"),
            Text::new("platform-next-database-busy"),
        ),
        "database_schema" => (
            Text::new("platform-cause-database-schema"),
            Text::new("platform-next-database-schema"),
        ),
        "database_error" => (
            Text::new("platform-cause-database-error"),
            Text::new("platform-next-database-error"),
        ),
        "auth_server" => (
            Text::new("platform-cause-auth-server"),
            Text::new("platform-next-auth-server"),
        ),
        "server_error" => (
            Text::new("platform-cause-server-error"),
            Text::new("platform-next-server-error"),
        ),
        _ => return None,
    })
}

/// Causes that lie in the call itself or between us and core.
fn access_cause(cause: &str) -> Option<(Text, Text)> {
    Some(match cause {
        "token_refused" => (
            Text::new("platform-cause-token-refused"),
            Text::new("platform-next-token-refused"),
        ),
        "permission" => (
            Text::new("platform-cause-permission"),
            Text::new("platform-next-permission"),
        ),
        "rate_limited" => (
            Text::new("platform-cause-rate-limited"),
            Text::new("platform-next-rate-limited"),
        ),
        "unavailable" => (
            Text::new("platform-cause-unavailable"),
            Text::new("platform-next-unavailable"),
        ),
        "endpoint_absent" => (
            Text::new("platform-cause-endpoint-absent"),
            Text::new("platform-next-endpoint-absent"),
        ),
        "redirected" => (
            Text::new("platform-cause-redirected"),
            Text::new("platform-next-redirected"),
        ),
        "not_wecube" => (
            Text::new("platform-cause-not-wecube"),
            Text::new("platform-next-not-wecube"),
        ),
        _ => return None,
    })
}
