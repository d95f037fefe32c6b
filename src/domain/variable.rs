//! System variables.

use super::id::VariableId;

/// Name of the variable that new instances carry the gateway's address by, once it is set.
pub const GATEWAY_URL_NEW: &str = "GATEWAY_URL_NEW";
/// Name of the platform's own gateway variable.
pub const GATEWAY_URL: &str = "GATEWAY_URL";
/// Name of our own rows by which two runs notice each other; never active.
pub const RUN_MARK: &str = "WECUBECTL_RUN";
/// What a misreading of the upgrade document creates: the id-like label as the name.
pub const MISREAD_VARIABLE_NAME: &str = "system__global__GATEWAY_URL_NEW";

/// A row of `system_variables`. Null, missing and `""` are one: an empty text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SystemVariable {
    /// Row id; cannot be chosen through the API.
    pub id: VariableId,
    /// Name; not unique.
    pub name: String,
    /// Value.
    pub value: String,
    /// Used where the value is empty.
    pub default_value: String,
    /// `global` or a plugin's name.
    pub scope: String,
    /// `system`, or `name__version` of a package.
    pub source: String,
    /// `active` or `inactive`; v4 stores whatever it is given.
    pub status: String,
    /// Name of the plugin that owns it; registering that plugin switches it off.
    pub package_name: String,
}

impl SystemVariable {
    /// Whether a launch would use it.
    pub fn is_active(&self) -> bool {
        self.status == "active"
    }

    /// Whether it is the mark of a run of ours.
    pub fn is_run_mark(&self) -> bool {
        self.name == RUN_MARK
    }

    /// What a launch would use: the value, else the default (`docs/platform/variables.md#gateway_url_new`).
    pub fn effective(&self) -> &str {
        if self.value.is_empty() {
            &self.default_value
        } else {
            &self.value
        }
    }
}
