//! Columns of record tables.

use crate::i18n::Text;

/// Lists every column: variant, key in JSON and TSV, message of its title.
macro_rules! columns {
    ($($variant:ident $key:literal $title:literal)*) => {
        /// A column of a [`RecordTable`](super::RecordTable).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Column {
            $(#[doc = concat!("`", $key, "`")] $variant,)*
        }

        impl Column {
            /// Every column.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The key in JSON and TSV.
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)*
                }
            }

            /// The head of the column.
            pub fn title(self) -> Text {
                match self {
                    $(Self::$variant => Text::new($title),)*
                }
            }
        }
    };
}

columns! {
    Accepted "accepted" "column-accepted"
    Action "action" "column-action"
    Active "active" "column-active"
    Address "address" "column-address"
    Age "age" "column-age"
    Check "check" "column-check"
    Code "code" "column-code"
    Command "command" "column-command"
    Component "component" "column-component"
    Condition "condition" "column-condition"
    Conflicts "conflicts" "column-conflicts"
    Container "container" "column-container"
    DefaultValue "default_value" "column-default-value"
    Description "description" "column-description"
    Details "details" "column-details"
    Edition "edition" "column-edition"
    Event "event" "column-event"
    ExitCode "exit_code" "column-exit-code"
    Explanation "explanation" "column-explanation"
    File "file" "column-file"
    HasUi "has_ui" "column-has-ui"
    Health "health" "column-health"
    Id "id" "column-id"
    Image "image" "column-image"
    Instances "instances" "column-instances"
    Key "key" "column-key"
    Line "line" "column-line"
    Location "location" "column-location"
    Message "message" "column-message"
    Mode "mode" "column-mode"
    Name "name" "column-name"
    Outcome "outcome" "column-outcome"
    Owner "owner" "column-owner"
    PackageName "package_name" "column-package-name"
    PackageVersion "package_version" "column-package-version"
    Path "path" "column-path"
    Portal "portal" "column-portal"
    Present "present" "column-present"
    Purpose "purpose" "column-purpose"
    Reason "reason" "column-reason"
    Recorded "recorded" "column-recorded"
    Requires "requires" "column-requires"
    Result "result" "column-result"
    Run "run" "column-run"
    Schema "schema" "column-schema"
    Scope "scope" "column-scope"
    Script "script" "column-script"
    Severity "severity" "column-severity"
    Side "side" "column-side"
    Source "source" "column-source"
    Started "started" "column-started"
    State "state" "column-state"
    Statement "statement" "column-statement"
    Statements "statements" "column-statements"
    Status "status" "column-status"
    Step "step" "column-step"
    Subject "subject" "column-subject"
    Summary "summary" "column-summary"
    Text "text" "column-text"
    Time "time" "column-time"
    Title "title" "column-title"
    ToRecord "to_record" "column-to-record"
    ToRun "to_run" "column-to-run"
    Token "token" "column-token"
    Value "value" "column-value"
    Verifier "verifier" "column-verifier"
    Version "version" "column-version"
    Wanted "wanted" "column-wanted"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Column;
    use crate::i18n::{Catalog, Lang};

    #[test]
    fn every_column_has_a_title_in_both_languages_and_a_key_of_its_own() {
        let catalogs = [Lang::En, Lang::Zh].map(Catalog::new);
        let mut keys = BTreeSet::new();
        for column in Column::ALL {
            assert!(keys.insert(column.key()), "{column:?}");
            for catalog in &catalogs {
                assert!(catalog.has(column.title().key()), "{column:?}");
            }
        }
    }
}
