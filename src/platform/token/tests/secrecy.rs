//! No secret in anything that can be printed. That the types cannot be printed is checked when this
//! compiles; what errors say is searched for a seed that must not be there.

use super::support::secret;
use crate::i18n::{Catalog, Lang, Text};
use crate::platform::token::inspect::inspect;
use crate::platform::token::{
    MintedToken, ReaderVerdict, SeedTokens, SigningKey, check_seed, start_script_corrupts, v3_key,
    v4_key,
};
use crate::secret::Secret;

/// Compiles only if the type does not have the trait: else there are two ways to name `proof`.
macro_rules! has_not {
    ($type:ty: $($bound:path),+) => {$(
        const _: fn() = || {
            trait Proof<Which> {
                fn proof() {}
            }
            impl<T: ?Sized> Proof<()> for T {}
            struct Has;
            impl<T: ?Sized + $bound> Proof<Has> for T {}
            let _ = <$type as Proof<_>>::proof;
        };
    )+};
}

has_not!(Secret: std::fmt::Debug, std::fmt::Display, serde::Serialize);
has_not!(SigningKey: std::fmt::Debug, std::fmt::Display, serde::Serialize);
has_not!(super::super::source::NumberedToken: std::fmt::Debug, std::fmt::Display, serde::Serialize);
has_not!(MintedToken: std::fmt::Debug, std::fmt::Display, serde::Serialize);
has_not!(SeedTokens: std::fmt::Debug, std::fmt::Display, serde::Serialize);

fn words(texts: &[Text]) -> Vec<String> {
    [Lang::En, Lang::Zh]
        .into_iter()
        .flat_map(|lang| {
            let catalog = Catalog::new(lang);
            texts
                .iter()
                .map(move |text| catalog.render(text))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn no_error_about_a_seed_tells_any_of_it() {
    const CANARY: &str = "CaNaRyCaNaRyCaNaRyCaNaRy";
    let seeds = [
        "{}-", "{}=", "{}A", "@{}", "{}~&\\\"", "{}\n\"{}", "{} ", "{{{}",
    ]
    .map(|form| form.replace("{}", CANARY));
    for seed in seeds.map(|seed| secret(&seed)) {
        let mut texts = Vec::new();
        let mut said = Vec::new();
        let verdict = check_seed(&seed);
        texts.extend(verdict.fault());
        said.push(format!("{verdict:?}"));
        for error in [v3_key(&seed).err(), v4_key(&seed).err()]
            .into_iter()
            .flatten()
        {
            texts.push(error.text());
            said.push(format!("{error:?}"));
        }
        for corruption in start_script_corrupts(seed.expose()) {
            texts.push(corruption.text());
            said.push(format!("{corruption:?}"));
        }
        assert!(!texts.is_empty());
        said.extend(words(&texts));
        for words in said {
            assert!(!words.contains("CaN"), "{words}");
        }
    }
}

/// Somebody pastes the seed where the token belongs.
#[test]
fn what_is_no_token_is_not_shown_again() {
    let pasted = [
        "CaNaRyCaNaRy",
        "Bearer CaNaRy",
        "CaNaRy.CaNaRy.CaNaRy",
        "bearer CaNaRy",
    ];
    for text in pasted {
        let inspection = inspect(text, std::time::SystemTime::UNIX_EPOCH, None);
        assert!(inspection.malformed.is_some(), "{text}");
        let reasons: Vec<Text> = inspection
            .verdicts
            .iter()
            .flat_map(ReaderVerdict::reasons)
            .collect();
        let mut said = words(&reasons);
        said.push(format!("{inspection:?}"));
        for words in said {
            assert!(!words.contains("CaN"), "{words}");
        }
    }
}
