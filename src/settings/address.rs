//! Addresses as people type them, normalised so that two spellings of one server are equal.

use url::Url;

use crate::domain::Address;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// Why an address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// No `http://` or `https://` in front.
    NoScheme,
    /// Another scheme.
    OtherScheme,
    /// No host.
    NoHost,
    /// A user or password in the address.
    HasUser,
    /// A path, query or fragment behind the port.
    HasPath,
    /// Not an address at all.
    Malformed,
}

impl Failure for AddressError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        match self {
            Self::NoScheme => Text::new("settings-address-no-scheme"),
            Self::OtherScheme => Text::new("settings-address-other-scheme"),
            Self::NoHost => Text::new("settings-address-no-host"),
            Self::HasUser => Text::new("settings-address-has-user"),
            Self::HasPath => Text::new("settings-address-has-path"),
            Self::Malformed => Text::new("settings-address-malformed"),
        }
    }
}

/// Reads an address: scheme, host and port only. `HTTP://Host:80/` and `http://host` are one.
pub fn parse_address(typed: &str) -> Result<Address, AddressError> {
    let typed = typed.trim();
    if !typed.contains("://") {
        return Err(AddressError::NoScheme);
    }
    let url = Url::parse(typed).map_err(|error| match error {
        url::ParseError::EmptyHost => AddressError::NoHost,
        _ => AddressError::Malformed,
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressError::OtherScheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::HasUser);
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(AddressError::HasPath);
    }
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or(AddressError::NoHost)?;
    // `Url` has already lowered the case and dropped the scheme's own port.
    Ok(Address::new(match url.port() {
        Some(port) => format!("{}://{host}:{port}", url.scheme()),
        None => format!("{}://{host}", url.scheme()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_server_are_equal() {
        for (typed, normal) in [
            ("http://10.0.0.1:8000", "http://10.0.0.1:8000"),
            ("HTTP://Host.Example:8000/", "http://host.example:8000"),
            ("http://host:80", "http://host"),
            ("https://host:443/", "https://host"),
            (" http://[::1]:8000 ", "http://[::1]:8000"),
        ] {
            assert_eq!(parse_address(typed), Ok(Address::new(normal)), "{typed}");
        }
    }

    #[test]
    fn what_is_not_an_address_says_why() {
        for (typed, error) in [
            ("10.0.0.1:8000", AddressError::NoScheme),
            ("", AddressError::NoScheme),
            ("ftp://host", AddressError::OtherScheme),
            ("http://", AddressError::NoHost),
            ("http://user:pw@host", AddressError::HasUser),
            ("http://host/platform", AddressError::HasPath),
            ("http://host?x=1", AddressError::HasPath),
            ("http://host:99999", AddressError::Malformed),
            ("http://ho st", AddressError::Malformed),
        ] {
            assert_eq!(parse_address(typed), Err(error), "{typed}");
        }
    }
}
