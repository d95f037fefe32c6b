//! JSON whose values may take only so much memory, however it is nested: small members take a hundred
//! times the bytes that they have in an answer.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Bytes that the values of one answer may take.
pub(in crate::platform) const BUDGET: usize = 64 * 1024 * 1024;

/// What a JSON object takes with its first node.
const OBJECT: usize = 640;
/// What a member takes in a node, nodes being two thirds full.
const MEMBER: usize = 84;
/// What a value takes in a list, lists growing by doubling.
const ELEMENT: usize = 48;
/// What the smallest text takes beside its bytes.
const TEXT: usize = 24;

/// Why there is no value.
#[derive(Debug)]
pub(in crate::platform) enum Unread {
    /// It takes more than [`BUDGET`]; the place where that was seen.
    TooLarge(String),
    /// It is no JSON.
    Json(serde_json::Error),
}

/// The first document of a text, and what stands behind it.
pub(in crate::platform) fn first_value(text: &str) -> Result<(Value, &str), Unread> {
    let left = Cell::new(Some(BUDGET));
    let mut json = serde_json::Deserializer::from_str(text);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    match Bounded(&left).deserialize(tracked) {
        Ok(value) => {
            let end = json.into_iter::<serde::de::IgnoredAny>().byte_offset();
            Ok((value, &text[end..]))
        }
        Err(_) if left.get().is_none() => Err(Unread::TooLarge(track.path().to_string())),
        Err(error) => Err(Unread::Json(error)),
    }
}

/// Takes memory from what is left; `None` once it is used up.
#[derive(Clone, Copy)]
struct Bounded<'a>(&'a Cell<Option<usize>>);

impl Bounded<'_> {
    fn take<E: Error>(self, bytes: usize) -> Result<(), E> {
        self.0
            .set(self.0.get().and_then(|left| left.checked_sub(bytes)));
        match self.0.get() {
            Some(_) => Ok(()),
            None => Err(E::custom("too large")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.take(TEXT + text.len())?;
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            self.take(ELEMENT)?;
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.take(OBJECT)?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            self.take(MEMBER + TEXT + key.len())?;
            object.insert(key, members.next_value_seed(self)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_library() {
        for text in [
            "null",
            r#"{"a":[1,-2,1.5,true,"x\n",{}],"a":2,"b":null} "#,
            "[18446744073709551615,1e400]",
            "[1,",
            "{1}",
        ] {
            let ours = first_value(text).map(|(value, _)| value).map_err(|_| ());
            let theirs = serde_json::from_str(text).map_err(|_| ());
            assert_eq!(ours, theirs, "{text}");
        }
        let (_, rest) = first_value(r#"{"a":1} {"b":2}"#).unwrap();
        assert_eq!(rest.trim(), r#"{"b":2}"#);
    }

    #[test]
    fn answer_that_takes_too_much_names_the_field() {
        let objects = format!(r#"{{"data":[{}]}}"#, vec!["{}"; 120_000].join(","));
        let members: Vec<String> = (0..600_000).map(|n| format!("\"{n}\":1")).collect();
        let members = format!(r#"{{"data":{{{}}}}}"#, members.join(","));
        let numbers = format!(r#"{{"data":[{}0]}}"#, "0,".repeat(1_500_000));
        for text in [objects, members, numbers] {
            let Err(Unread::TooLarge(field)) = first_value(&text) else {
                panic!("{}", &text[..40]);
            };
            assert!(field.starts_with("data"), "{field}");
        }
        let text = format!(r#"["{}"]"#, "x".repeat(BUDGET / 2));
        assert!(first_value(&text).is_ok());
    }
}
