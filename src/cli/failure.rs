//! What a command that failed prints to standard output, and its exit code.

use super::args::OutputArg;
use crate::error::CommandError;
use crate::report::{FailureReport, Report as _, monitor_failure};

/// The exit code UNKNOWN of a Nagios plugin.
pub(super) const NAGIOS_UNKNOWN: u8 = 3;

/// The text for standard output, if the format has one for a failure.
pub(super) fn failed_words(
    command: &str,
    output: OutputArg,
    error: &CommandError,
) -> Option<String> {
    match (output.monitor(), output) {
        (Some(format), _) => monitor_failure(format, error).filter(|_| command == "check"),
        (None, OutputArg::Json | OutputArg::Ndjson) => Some(error_document(command, output, error)),
        (None, _) => None,
    }
}

/// The exit code. A Nagios plugin has one for all failures.
pub(super) fn error_code(command: &str, output: OutputArg, error: &CommandError) -> u8 {
    if command == "check" && output == OutputArg::Nagios {
        NAGIOS_UNKNOWN
    } else {
        error.outcome.code()
    }
}

/// The JSON document of a command that failed.
pub(super) fn error_document(command: &str, output: OutputArg, error: &CommandError) -> String {
    let document = FailureReport { command, error }.document();
    match output {
        OutputArg::Ndjson => document.line(),
        _ => document.pretty(),
    }
}
