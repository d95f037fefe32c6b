//! System variables.

use serde::Deserialize;

use super::tolerant::{Needed, Number, Rows, Txt};
use crate::domain::{SystemVariable, VariableId};

/// A row of `system_variables`. v3 leaves null columns out, v4 gives `""`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct VariableDto {
    id: Needed,
    #[serde(default)]
    package_name: Txt,
    #[serde(default)]
    name: Txt,
    #[serde(default)]
    value: Txt,
    #[serde(default)]
    default_value: Txt,
    #[serde(default)]
    scope: Txt,
    #[serde(default)]
    source: Txt,
    #[serde(default)]
    status: Txt,
}

impl VariableDto {
    /// The domain's row.
    pub(in crate::platform) fn into_domain(self) -> SystemVariable {
        let Self {
            id: Needed(id),
            package_name: Txt(package_name),
            name: Txt(name),
            value: Txt(value),
            default_value: Txt(default_value),
            scope: Txt(scope),
            source: Txt(source),
            status: Txt(status),
        } = self;
        SystemVariable {
            id: VariableId::new(id),
            name,
            value,
            default_value,
            scope,
            source,
            status,
            package_name,
        }
    }
}

/// `data` of `system-variables/retrieve`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct VariablePageDto {
    #[serde(default)]
    page_info: PageInfoDto,
    #[serde(default)]
    contents: Rows<VariableDto>,
}

/// v4 gives zeros where it was not asked to page.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PageInfoDto {
    total_rows: Number<usize>,
}

impl VariablePageDto {
    /// How many rows there are in all (0 on a v4 that did not page), and those of this page.
    pub(in crate::platform) fn into_domain(self) -> (usize, Vec<SystemVariable>) {
        let Self {
            page_info: PageInfoDto {
                total_rows: Number(total),
            },
            contents: Rows(rows),
        } = self;
        (
            total,
            rows.into_iter().map(VariableDto::into_domain).collect(),
        )
    }
}
