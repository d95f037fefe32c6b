//! The `wecubectl` binary: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    wecubectl::cli::main_impl(std::env::args_os().collect())
}
