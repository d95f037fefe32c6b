//! Values that begin with `RSA@`: Base64 of RSA PKCS #1 v1.5, decrypted with the platform's private key
//! (`go-common-lib/cipher`, as platform-core and platform-auth-server do when they start).

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};

use crate::files::{FileError, MIB};
use crate::i18n::Text;
use crate::secret::{Secret, read_private};

/// The mark of an encrypted value.
const MARK: &str = "RSA@";

/// Why a value cannot be decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealFault {
    /// The private key cannot be read.
    File(FileError),
    /// The file is not a private key in PKCS #8.
    Key(PathBuf),
    /// The value was not encrypted for this key.
    Value(PathBuf),
}

impl SealFault {
    /// The fault, for people.
    pub fn message(&self) -> Text {
        match self {
            Self::File(error) => Text::new("env-sealed-file")
                .with("path", error.path.display())
                .nested("cause", error.fault.text()),
            Self::Key(path) => Text::new("env-sealed-key").with("path", path.display()),
            Self::Value(path) => Text::new("env-sealed-value").with("path", path.display()),
        }
    }
}

/// Whether a value is encrypted.
pub fn is_sealed(value: &str) -> bool {
    value.starts_with(MARK)
}

/// A value in plain text, decrypted with the key of a file if it is encrypted.
pub fn unseal(value: Secret, key: &Path) -> Result<Secret, SealFault> {
    let Some(sealed) = value.expose().strip_prefix(MARK) else {
        return Ok(value);
    };
    let (pem, _) = read_private(key, MIB).map_err(SealFault::File)?;
    let pem = Secret::new(String::from_utf8_lossy(&pem));
    let private = RsaPrivateKey::from_pkcs8_pem(pem.expose().trim());
    let private = private.map_err(|_| SealFault::Key(key.to_owned()))?;
    let open = || {
        let bytes = STANDARD.decode(sealed.trim()).ok()?;
        let plain = private.decrypt(Pkcs1v15Encrypt, &bytes).ok()?;
        String::from_utf8(plain).ok()
    };
    let plain = open().ok_or_else(|| SealFault::Value(key.to_owned()))?;
    Ok(Secret::new(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key made for this test, and what openssl encrypted for it.
    const KEY: &str = include_str!("../../../fixtures/env/sealed.pem");
    const SEALED: &str = include_str!("../../../fixtures/env/sealed.txt");

    #[test]
    fn unseal_decrypts_what_openssl_encrypted_and_names_faults() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs_err::write(&path, text).unwrap();
            path
        };
        let key = file("key.pem", KEY);
        let sealed = || Secret::new(SEALED.trim());
        let plain = |value, key: &Path| unseal(value, key).map(|value| value.expose().to_owned());
        assert_eq!(plain(sealed(), &key), Ok("s3 secret/密码".to_owned()));
        let absent = folder.path().join("absent");
        assert_eq!(plain(Secret::new("plain"), &absent), Ok("plain".to_owned()));
        assert!(matches!(plain(sealed(), &absent), Err(SealFault::File(_))));
        let text = file("text", "hello");
        assert_eq!(plain(sealed(), &text), Err(SealFault::Key(text.clone())));
        for value in ["RSA@", "RSA@a b", "RSA@aGVsbG8="] {
            let fault = Err(SealFault::Value(key.clone()));
            assert_eq!(plain(Secret::new(value), &key), fault, "{value}");
        }
    }
}
