//! What each cause means and what to do next, in words for people.

use crate::i18n::Text;

/// Every cause that a register can be refused for. `explain` knows each of them.
pub const REGISTER_CAUSES: [&str; 42] = [
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
    "unreachable",
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
                Text::new("apply-cause-unrecognised"),
                Text::new("apply-next-unrecognised"),
            )
        })
}

/// Causes that lie in the package or in what it needs.
fn package_cause(cause: &str) -> Option<(Text, Text)> {
    Some(match cause {
        "unknown_package" => (
            Text::new("apply-cause-unknown-package"),
            Text::new("apply-next-unknown-package"),
        ),
        "platform_too_old" => (
            Text::new("apply-cause-platform-too-old"),
            Text::new("apply-next-platform-too-old"),
        ),
        "dependency" => (
            Text::new("apply-cause-dependency"),
            Text::new("apply-next-dependency"),
        ),
        "decommissioned" => (
            Text::new("apply-cause-decommissioned"),
            Text::new("apply-next-decommissioned"),
        ),
        "too_many_versions" => (
            Text::new("apply-cause-too-many-versions"),
            Text::new("apply-next-too-many-versions"),
        ),
        "menu_undeclared" => (
            Text::new("apply-cause-menu-undeclared"),
            Text::new("apply-next-menu-undeclared"),
        ),
        "version_unreadable" => (
            Text::new("apply-cause-version-unreadable"),
            Text::new("apply-next-version-unreadable"),
        ),
        "no_index_html" => (
            Text::new("apply-cause-no-index-html"),
            Text::new("apply-next-no-index-html"),
        ),
        "ui_package" => (
            Text::new("apply-cause-ui-package"),
            Text::new("apply-next-ui-package"),
        ),
        "s3_object_missing" => (
            Text::new("apply-cause-s3-object-missing"),
            Text::new("apply-next-s3-object-missing"),
        ),
        _ => return None,
    })
}

/// Causes that lie on the static resource host or on the way to it.
fn static_host_cause(cause: &str) -> Option<(Text, Text)> {
    Some(match cause {
        "ssh_password" => (
            Text::new("apply-cause-ssh-password"),
            Text::new("apply-next-ssh-password"),
        ),
        "ssh_host_key" => (
            Text::new("apply-cause-ssh-host-key"),
            Text::new("apply-next-ssh-host-key"),
        ),
        "ssh_unreachable" => (
            Text::new("apply-cause-ssh-unreachable"),
            Text::new("apply-next-ssh-unreachable"),
        ),
        "ssh_overload" => (
            Text::new("apply-cause-ssh-overload"),
            Text::new("apply-next-ssh-overload"),
        ),
        "static_copy" => (
            Text::new("apply-cause-static-copy"),
            Text::new("apply-next-static-copy"),
        ),
        "static_not_writable" => (
            Text::new("apply-cause-static-not-writable"),
            Text::new("apply-next-static-not-writable"),
        ),
        "static_disk" => (
            Text::new("apply-cause-static-disk"),
            Text::new("apply-next-static-disk"),
        ),
        "static_unpack" => (
            Text::new("apply-cause-static-unpack"),
            Text::new("apply-next-static-unpack"),
        ),
        "copy_damaged" => (
            Text::new("apply-cause-copy-damaged"),
            Text::new("apply-next-copy-damaged"),
        ),
        "unzip_missing" => (
            Text::new("apply-cause-unzip-missing"),
            Text::new("apply-next-unzip-missing"),
        ),
        "remote_command" => (
            Text::new("apply-cause-remote-command"),
            Text::new("apply-next-remote-command"),
        ),
        "mixed_folder" => (
            Text::new("apply-cause-mixed-folder"),
            Text::new("apply-next-mixed-folder"),
        ),
        _ => return None,
    })
}

/// Causes that lie in core, its configuration, its database or S3.
fn core_cause(cause: &str) -> Option<(Text, Text)> {
    Some(match cause {
        "static_config" => (
            Text::new("apply-cause-static-config"),
            Text::new("apply-next-static-config"),
        ),
        "core_disk" => (
            Text::new("apply-cause-core-disk"),
            Text::new("apply-next-core-disk"),
        ),
        "core_image" => (
            Text::new("apply-cause-core-image"),
            Text::new("apply-next-core-image"),
        ),
        "s3_access" => (
            Text::new("apply-cause-s3-access"),
            Text::new("apply-next-s3-access"),
        ),
        "s3_unreachable" => (
            Text::new("apply-cause-s3-unreachable"),
            Text::new("apply-next-s3-unreachable"),
        ),
        "database_lock" => (
            Text::new("apply-cause-database-lock"),
            Text::new("apply-next-database-lock"),
        ),
        "database_busy" => (
            Text::new("apply-cause-database-busy"),
            Text::new("apply-next-database-busy"),
        ),
        "database_schema" => (
            Text::new("apply-cause-database-schema"),
            Text::new("apply-next-database-schema"),
        ),
        "database_error" => (
            Text::new("apply-cause-database-error"),
            Text::new("apply-next-database-error"),
        ),
        "auth_server" => (
            Text::new("apply-cause-auth-server"),
            Text::new("apply-next-auth-server"),
        ),
        "server_error" => (
            Text::new("apply-cause-server-error"),
            Text::new("apply-next-server-error"),
        ),
        _ => return None,
    })
}

/// Causes that lie in the call itself or between us and core.
fn access_cause(cause: &str) -> Option<(Text, Text)> {
    Some(match cause {
        "token_refused" => (
            Text::new("apply-cause-token-refused"),
            Text::new("apply-next-token-refused"),
        ),
        "permission" => (
            Text::new("apply-cause-permission"),
            Text::new("apply-next-permission"),
        ),
        "rate_limited" => (
            Text::new("apply-cause-rate-limited"),
            Text::new("apply-next-rate-limited"),
        ),
        "unavailable" => (
            Text::new("apply-cause-unavailable"),
            Text::new("apply-next-unavailable"),
        ),
        "endpoint_absent" => (
            Text::new("apply-cause-endpoint-absent"),
            Text::new("apply-next-endpoint-absent"),
        ),
        "redirected" => (
            Text::new("apply-cause-redirected"),
            Text::new("apply-next-redirected"),
        ),
        "unreachable" => (
            Text::new("apply-cause-unreachable"),
            Text::new("apply-next-unreachable"),
        ),
        "not_wecube" => (
            Text::new("apply-cause-not-wecube"),
            Text::new("apply-next-not-wecube"),
        ),
        _ => return None,
    })
}
