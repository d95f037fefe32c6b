//! Every bad origin has its own error, and none tells what was in it.

use std::path::Path;

use super::*;
use crate::i18n::{Catalog, Lang};

const CANARY: &str = "CaNaRy0seed0value";

fn stdin(bytes: &[u8]) -> Result<(Secret, Option<LooseMode>), SecretError> {
    read_with(Path::new("-"), &mut &*bytes)
}

fn error(result: Result<(Secret, Option<LooseMode>), SecretError>) -> SecretError {
    match result {
        Ok(_) => panic!("it was read"),
        Err(error) => error,
    }
}

fn file_with(bytes: &[u8], mode: u32) -> tempfile::NamedTempFile {
    use std::os::unix::fs::PermissionsExt;
    let file = tempfile::NamedTempFile::new().unwrap();
    fs_err::write(file.path(), bytes).unwrap();
    fs_err::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    file
}

#[test]
fn one_newline_is_cut_and_no_more() {
    for (bytes, seed) in [
        (&b"abc"[..], "abc"),
        (b"abc\n", "abc"),
        (b"abc\r\n", "abc"),
        (b"abc\n\n", "abc\n"),
        (b"abc\r\n\r\n", "abc\r\n"),
        (b"abc\r", "abc\r"),
        (b" abc ", " abc "),
        (b"\nabc\n", "\nabc"),
        (b"\n\n", "\n"),
    ] {
        assert_eq!(stdin(bytes).ok().unwrap().0.expose(), seed, "{bytes:?}");
    }
}

#[test]
fn a_file_is_read_and_its_mode_judged() {
    for (mode, wide) in [
        (0o600, false),
        (0o400, false),
        (0o700, false),
        (0o640, true),
        (0o604, true),
        (0o644, true),
        (0o620, true),
        (0o601, true),
    ] {
        let file = file_with(b"abc\n", mode);
        let (secret, warning) = read_with(file.path(), &mut io::empty()).ok().unwrap();
        assert_eq!(secret.expose(), "abc");
        let expected = wide.then(|| LooseMode {
            path: file.path().to_owned(),
            mode,
        });
        assert_eq!(warning, expected, "{mode:o}");
    }
}

#[test]
fn a_warning_names_the_file_and_its_mode() {
    let warning = LooseMode {
        path: "/etc/seed".into(),
        mode: 0o644,
    };
    let words = Catalog::new(Lang::En).render(&warning.text());
    assert!(
        words.contains("/etc/seed") && words.contains("0644"),
        "{words}"
    );
}

#[test]
fn every_bad_place_has_its_own_error() {
    let directory = tempfile::tempdir().unwrap();
    let nothing = directory.path().join("nothing");
    let below = file_with(b"x", 0o600);
    for (path, kind) in [
        (nothing.as_path(), io::ErrorKind::NotFound),
        (directory.path(), io::ErrorKind::IsADirectory),
        (&below.path().join("below"), io::ErrorKind::NotADirectory),
    ] {
        assert_eq!(
            error(read_with(path, &mut io::empty())),
            SecretError::File(FileError::reading(path, kind))
        );
    }
    for empty in [&b""[..], b"\n", b"\r\n"] {
        let origin = SecretSource::Stdin;
        assert_eq!(error(stdin(empty)), SecretError::Empty { origin });
    }
    let origin = SecretSource::Stdin;
    let position = 3;
    assert_eq!(
        error(stdin(b"ab\xff")),
        SecretError::NotUtf8 { origin, position }
    );
}

#[test]
fn the_size_is_bounded_even_where_the_input_is_endless() {
    let origin = SecretSource::Stdin;
    let largest = vec![b'A'; MAX_SECRET_BYTES];
    assert_eq!(
        stdin(&largest).ok().unwrap().0.expose().len(),
        MAX_SECRET_BYTES
    );
    let endless = read_with(Path::new("-"), &mut io::repeat(b'A'));
    assert_eq!(error(endless), SecretError::TooLarge { origin });
}

#[test]
fn a_broken_pipe_is_unreadable() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    assert_eq!(
        error(read_with(Path::new("-"), &mut Broken)),
        SecretError::Stdin(io::ErrorKind::Other)
    );
}

#[test]
fn no_error_tells_what_was_in_the_place() {
    let mut long = CANARY.repeat(MAX_SECRET_BYTES / CANARY.len() + 1);
    let mut not_text = CANARY.as_bytes().to_vec();
    not_text.push(0xff);
    long.push('x');
    let wide = file_with(CANARY.as_bytes(), 0o644);
    let (_, warning) = read_with(wide.path(), &mut io::empty()).ok().unwrap();
    let warning = warning.unwrap();
    let mut said = vec![format!("{warning:?}")];
    let mut texts = vec![warning.text()];
    for error in [error(stdin(&not_text)), error(stdin(long.as_bytes()))] {
        said.push(format!("{error:?}"));
        texts.push(error.message());
    }
    for lang in [Lang::En, Lang::Zh] {
        let catalog = Catalog::new(lang);
        said.extend(texts.iter().map(|text| catalog.render(text)));
    }
    for words in said {
        assert!(!words.contains("CaNaRy"), "{words}");
    }
}

#[test]
fn byte_order_marks_and_lines_of_env_files_are_told_as_such() {
    let origin = SecretSource::Stdin;
    let bom = error(stdin("\u{feff}abc\n".as_bytes()));
    assert_eq!(
        bom,
        SecretError::ByteOrderMark {
            origin: origin.clone()
        }
    );
    for line in ["JWT_SIGNING_KEY='abc'\n", "export mysql_auth_password=abc"] {
        let assignment = error(stdin(line.as_bytes()));
        assert_eq!(
            assignment,
            SecretError::Assignment {
                origin: origin.clone()
            }
        );
    }
    for secret in ["abc=", "a=b", "Key=abc", "JWT_SIGNING_KEY", "a+secret_b=c"] {
        assert_eq!(stdin(secret.as_bytes()).ok().unwrap().0.expose(), secret);
    }
}
