//! What the fuzz targets reach of this module (`docs/fuzzing.md`).

use super::check_cache;
use super::driver::{self, CallInfo, Driver};
use super::endpoints::VariableFilter;
use super::register_error::register_answer;
use super::request::RawAnswer;
use super::wire::{Expect, decode, plugin_answer};
use crate::domain::{Generation, PackageId, PlatformVersion, ReadFailure};

/// Any answer of any server: an error of it has words on one line, and a success without its last byte
/// is none.
pub fn answer(status: u8, reader: u8, body: &[u8]) {
    let mut answer = RawAnswer {
        status: [200, 201, 302, 401, 403, 404, 429, 500, 502][usize::from(status % 9)],
        body: body.trim_ascii_end().to_vec(),
        ..RawAnswer::default()
    };
    plugin_answer(&answer);
    for generation in [Generation::V3, Generation::V4] {
        register_answer(generation, &answer, Expect::Core);
    }
    for expect in [Expect::Core, Expect::Gateway, Expect::Through] {
        let data = decode("op", "", &answer, expect);
        if let Err(failure) = data.and_then(|data| read(reader, data)) {
            let words = crate::i18n::english(&failure.cause.message());
            assert!(!words.is_empty() && !words.contains(char::is_control));
        }
    }
    if decode("op", "", &answer, Expect::Core).is_ok() {
        answer.body.pop();
        assert!(decode("op", "", &answer, Expect::Core).is_err());
    }
}

/// The readers of `data`.
fn read(reader: u8, data: &str) -> Result<(), ReadFailure> {
    let asked = CallInfo {
        op: "op",
        target: "",
    };
    let driver = |version| Driver::for_version(&PlatformVersion::parse(version), None);
    let variables = |version| driver(version).variables(VariableFilter::All);
    match reader % 10 {
        0 => driver::version(asked, data).map(drop),
        1 => driver::listed_packages(asked, data).map(drop),
        2 => driver::instances(asked, &PackageId::new("p"), data).map(drop),
        3 => driver::dependencies(asked, data).map(drop),
        4 => driver::menus(asked, data).map(drop),
        5 => driver::resource_files(asked, data).map(drop),
        6 => driver::routes(asked, data).map(drop),
        7 => driver("v4.5.6").read_own_menus(asked, data).map(drop),
        8 => variables("v3.2.6").take(asked, data).map(drop),
        _ => driver::package_ref(asked, data).map(drop),
    }
}

/// What is written is read back the same.
pub fn check_cache(json: &str) {
    let read = check_cache::CheckCache::parse(&[&check_cache::digest(json), "\n", json].concat());
    assert_eq!(check_cache::CheckCache::parse(&read.to_text()), read);
}
