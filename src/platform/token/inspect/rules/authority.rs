//! What each core reads from `authority`, and what it lets the bearer do.

use serde_json::Value;

use crate::platform::token::inspect::model::{
    Limitation, Operation as Op, TokenReader, WantedAuthorities as Wants,
};

const SUPER: &str = "SUPER_ADMIN";
const PARAMS: &str = "ADMIN_SYSTEM_PARAMS";
const RESOURCES: &str = "ADMIN_RESOURCES_MANAGEMENT";
const PLUGINS: &str = "COLLABORATION_PLUGIN_MANAGEMENT";
const ROLES: &str = "ADMIN_USER_ROLE_MANAGEMENT";
const WORKFLOW: &str = "IMPLEMENTATION_WORKFLOW_EXECUTION";
const SUB_SYSTEM: &str = "SUB_SYSTEM";

/// What v3 core asks for (`docs/platform/tokens.md#required-authorities`). To write variables takes the menu code and a role that
/// has the menu; with the platform's own data that role is `SUPER_ADMIN`.
const V3: &[(Op, Wants)] = &[
    (Op::ReadVariables, Wants::AnyOf(&[PARAMS, SUB_SYSTEM])),
    (Op::WriteVariables, Wants::AllOf(&[SUPER, PARAMS])),
    (Op::Servers, Wants::AnyOf(&[RESOURCES, SUB_SYSTEM])),
];

/// What core asks for from v4.4 on (`config/menu-api-map.json` at v4.5.6).
const V44: &[(Op, Wants)] = &[
    (Op::PackageDetails, Wants::AnyOf(&[PLUGINS])),
    (Op::Register, Wants::AnyOf(&[PLUGINS])),
    (Op::Upload, Wants::AnyOf(&[PLUGINS])),
    (
        Op::ReadVariables,
        Wants::AnyOf(&[PARAMS, PLUGINS, WORKFLOW]),
    ),
    (Op::WriteVariables, Wants::AnyOf(&[PARAMS])),
    (Op::AllMenus, Wants::AnyOf(&[ROLES])),
    (Op::Servers, Wants::AnyOf(&[RESOURCES])),
];

/// Authorities as a component reads them.
pub(in crate::platform::token::inspect) struct Authorities(Vec<String>);

impl Authorities {
    /// None at all.
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    /// v3 cuts the first and the last character off, splits at commas and trims.
    pub(super) fn by_v3(authority: &str) -> Self {
        let list = if authority.len() < 2 {
            authority
        } else {
            inner(authority)
        };
        Self::of(list.split(',').map(str::trim))
    }

    /// v4 core cuts likewise and splits at commas without trimming; without a comma, at spaces.
    pub(in crate::platform::token::inspect) fn by_v4_core(authority: &str) -> Self {
        let list = inner(authority);
        if list.contains(',') {
            Self::of(list.split(','))
        } else {
            Self::of(list.split(' '))
        }
    }

    /// v4 core prints an array as `[A B]` and reads that.
    pub(in crate::platform::token::inspect) fn by_v4_core_from_array(list: &[Value]) -> Self {
        let names: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        Self::by_v4_core(&format!("[{}]", names.join(" ")))
    }

    fn of<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        Self(
            parts
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }

    #[cfg(test)]
    pub(in crate::platform::token::inspect) fn names(&self) -> &[String] {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the bearer may not do there.
    pub(super) fn denied_at(&self, reader: TokenReader) -> Vec<Limitation> {
        let asked = match reader {
            TokenReader::V3Core => V3,
            TokenReader::V44Core if !self.is_sub_system() => V44,
            TokenReader::V44Core
            | TokenReader::V40Core
            | TokenReader::V3Auth
            | TokenReader::V4Auth => &[],
        };
        asked
            .iter()
            .filter(|(_, wants)| !self.satisfies(*wants))
            .map(|(operation, wants)| Limitation::Denied {
                operation: *operation,
                wants: *wants,
                words: denial_message(reader, *operation),
            })
            .collect()
    }

    fn satisfies(&self, wants: Wants) -> bool {
        let has = |wanted: &&str| self.0.iter().any(|held| held == wanted);
        match wants {
            Wants::AnyOf(list) => list.iter().any(has),
            Wants::AllOf(list) => list.iter().all(has),
        }
    }

    /// Any authority with this in it passes every menu check (`api/middleware/token.go` at v4.5.6).
    fn is_sub_system(&self) -> bool {
        self.0.iter().any(|held| held.contains(SUB_SYSTEM))
    }
}

/// What the platform says when it denies (`docs/platform/tokens.md#refused-tokens`).
fn denial_message(reader: TokenReader, operation: Op) -> &'static str {
    match (reader, operation) {
        (TokenReader::V44Core, _) => "20000041 Api Permission Deny",
        // The first where the menu code is missing, the second where the role is.
        (_, Op::WriteVariables) => "Access is denied / Lack of permission to proceed operation",
        _ => "Access is denied",
    }
}

/// Without its first and its last character, whatever they are.
fn inner(authority: &str) -> &str {
    let mut letters = authority.chars();
    letters.next();
    letters.next_back();
    letters.as_str()
}
