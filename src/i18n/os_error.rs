//! Messages for errors of the operating system, by kind: its own text exists in one language only.

use std::io;

use super::text::Text;

/// The message for a kind of error of the operating system.
pub fn os_error(kind: io::ErrorKind) -> Text {
    match kind {
        io::ErrorKind::NotFound => Text::new("os-not-found"),
        io::ErrorKind::PermissionDenied => Text::new("os-permission-denied"),
        io::ErrorKind::ConnectionRefused => Text::new("os-connection-refused"),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected => Text::new("os-connection-broke"),
        io::ErrorKind::HostUnreachable => Text::new("os-host-unreachable"),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
            Text::new("os-network-unreachable")
        }
        io::ErrorKind::AddrInUse => Text::new("os-address-in-use"),
        io::ErrorKind::AddrNotAvailable => Text::new("os-address-not-available"),
        io::ErrorKind::AlreadyExists => Text::new("os-already-exists"),
        io::ErrorKind::NotADirectory => Text::new("os-not-a-directory"),
        io::ErrorKind::IsADirectory => Text::new("os-is-a-directory"),
        io::ErrorKind::DirectoryNotEmpty => Text::new("os-directory-not-empty"),
        io::ErrorKind::ReadOnlyFilesystem => Text::new("os-read-only"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Text::new("os-disk-full"),
        io::ErrorKind::FileTooLarge => Text::new("os-file-too-large"),
        io::ErrorKind::InvalidInput
        | io::ErrorKind::InvalidData
        | io::ErrorKind::InvalidFilename => Text::new("os-invalid"),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Text::new("os-timed-out"),
        io::ErrorKind::Interrupted => Text::new("os-interrupted"),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::WriteZero => Text::new("os-ended-early"),
        io::ErrorKind::ResourceBusy
        | io::ErrorKind::ExecutableFileBusy
        | io::ErrorKind::Deadlock => Text::new("os-busy"),
        io::ErrorKind::OutOfMemory => Text::new("os-out-of-memory"),
        io::ErrorKind::Unsupported => Text::new("os-unsupported"),
        other => Text::new("os-other").with("kind", format!("{other:?}")),
    }
}
