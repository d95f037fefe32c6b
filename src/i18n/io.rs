//! Operating system errors in the reader's language.

use std::io::{Error, ErrorKind};

use super::text::Text;

/// `EMFILE`, which has no kind of its own.
const TOO_MANY_OPEN_FILES: i32 = 24;

/// What an operating system error means, by its kind. Only a kind without a message of ours is quoted
/// as the system said it.
pub fn io_message(error: &Error) -> Text {
    Text::new(match error.kind() {
        ErrorKind::NotFound => "io-not-found",
        ErrorKind::PermissionDenied => "io-permission-denied",
        ErrorKind::AlreadyExists => "io-already-exists",
        ErrorKind::IsADirectory => "io-is-a-directory",
        ErrorKind::NotADirectory => "io-not-a-directory",
        ErrorKind::DirectoryNotEmpty => "io-directory-not-empty",
        ErrorKind::ReadOnlyFilesystem => "io-read-only",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "io-storage-full",
        ErrorKind::FileTooLarge => "io-file-too-large",
        ErrorKind::InvalidData => "io-invalid-data",
        ErrorKind::UnexpectedEof => "io-unexpected-end",
        ErrorKind::BrokenPipe => "io-broken-pipe",
        ErrorKind::ConnectionRefused => "io-connection-refused",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => "io-connection-reset",
        ErrorKind::TimedOut => "io-timed-out",
        ErrorKind::HostUnreachable => "io-host-unreachable",
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => "io-network-unreachable",
        ErrorKind::AddrInUse => "io-address-in-use",
        ErrorKind::AddrNotAvailable => "io-address-not-available",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "io-busy",
        ErrorKind::OutOfMemory => "io-out-of-memory",
        _ if error.raw_os_error() == Some(TOO_MANY_OPEN_FILES) => "io-too-many-open-files",
        _ => return Text::new("io-other").with("error", error),
    })
}
