//! Many names, shortened.

use std::fmt::Display;

/// The first `most` of them, and how many more there are as `+7`.
pub fn few<T: Display>(items: impl IntoIterator<Item = T>, most: usize) -> String {
    let mut items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    let more = items.len().saturating_sub(most);
    if more > 0 {
        items.truncate(most);
        items.push(format!("+{more}"));
    }
    items.join(", ")
}

#[cfg(test)]
mod tests {
    use super::few;

    #[test]
    fn names_past_the_limit_are_counted() {
        for (most, expected) in [
            (4, "a, b, c"),
            (3, "a, b, c"),
            (2, "a, b, +1"),
            (1, "a, +2"),
        ] {
            assert_eq!(few(["a", "b", "c"], most), expected);
        }
        assert_eq!(few::<&str>([], 1), "");
    }
}
