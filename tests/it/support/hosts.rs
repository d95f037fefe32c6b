//! Stand-ins for what platform-core needs beside its database: an `ssh` program and an S3 server.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// An `ssh` that asks its askpass program and takes one password; it notes what it was given.
const SSH: &str = "#!/bin/sh\n[ \"$1\" = --version ] && exit 0\nd=${0%/*}\nprintf '%s\\n' \"$@\" >\"$d/args\"\nenv >\"$d/env\"\np=$(\"$SSH_ASKPASS\" 'password: ')\n[ \"$p\" = \"$(cat \"$d/right\")\" ] && exit 0\necho 'root@h: Permission denied (password).' >&2\nexit 255\n";

/// Writes `ssh` into a folder for the front of `PATH`. It takes this password and no other.
pub(crate) fn ssh_that_takes(folder: &Path, password: &str) -> PathBuf {
    let bin = folder.join("bin");
    fs_err::create_dir_all(&bin).unwrap();
    fs_err::write(bin.join("right"), password).unwrap();
    let right = std::fs::Permissions::from_mode(0o600);
    fs_err::set_permissions(bin.join("right"), right).unwrap();
    let ssh = bin.join("ssh");
    fs_err::write(&ssh, SSH).unwrap();
    fs_err::set_permissions(&ssh, std::fs::Permissions::from_mode(0o755)).unwrap();
    bin
}

/// An S3 server that refuses every key: its port. It ends with the test's process.
pub(crate) fn s3_that_refuses() -> u16 {
    s3(
        "403 Forbidden",
        "<Error><Code>SignatureDoesNotMatch</Code></Error>",
    )
}

/// An S3 server that opens every bucket to whoever signs: its port. It ends with the test's process.
pub(crate) fn s3_that_opens() -> u16 {
    s3("200 OK", "")
}

fn s3(signed: &'static str, body: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut asked = [0; 4096];
            let length = stream.read(&mut asked).unwrap_or_default();
            let asked = String::from_utf8_lossy(&asked[..length]);
            let status = if asked.contains("X-Amz-Signature=") {
                signed
            } else {
                "400 Bad Request"
            };
            let body = if asked.starts_with("HEAD") { "" } else { body };
            let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length:");
            let _gone = write!(stream, "{head} {}\r\n\r\n{body}", body.len());
        }
    });
    port
}
