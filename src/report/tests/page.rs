//! Layout: width, colours, alignment.

use unicode_width::UnicodeWidthStr as _;

use crate::report::*;

pub(super) fn look(width: usize) -> LayoutOptions {
    LayoutOptions {
        width,
        color: ColorMode::Plain,
        charset: Charset::Unicode,
    }
}

fn grid() -> Block {
    Block::Table(Grid {
        heads: vec![
            Head::words("插件"),
            Head::words("state"),
            Head::numbers("n"),
        ],
        rows: vec![
            vec![
                Field::plain("监控插件"),
                Field::new(Meaning::Good, "visible"),
                Field::plain("7"),
            ],
            vec![
                Field::plain("wecmdb"),
                Field::new(Meaning::Bad, "not visible"),
                Field::plain("12"),
            ],
        ],
    })
}

#[test]
fn chinese_and_latin_columns_are_aligned() {
    let text = page(&[grid()], look(80));
    insta::assert_snapshot!(text, @r"
    插件      state         n
    ───────────────────────────
    监控插件  visible       7
    wecmdb    not visible  12
    ");
    let starts = |line: &str, word: &str| line[..line.find(word).unwrap()].width();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(starts(lines[2], "visible"), starts(lines[3], "not"));
}

#[test]
fn colours_change_nothing_but_colours() {
    let plain = page(&[grid()], look(80));
    let coloured = page(
        &[grid()],
        LayoutOptions {
            color: ColorMode::Colored,
            ..look(80)
        },
    );
    assert_ne!(plain, coloured);
    assert!(
        coloured.contains("\u{1b}[32mvisible\u{1b}[0m"),
        "{coloured:?}"
    );
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    for text in [plain, coloured] {
        let marks = ('\u{2060}'..='\u{206f}').any(|mark| text.contains(mark));
        assert!(!marks, "{text:?}");
    }
}

#[test]
fn a_colour_ends_with_its_line() {
    let long = Words::new(
        Meaning::Bad,
        "one two three four five six seven eight nine ten",
    );
    let coloured = page(
        &[Block::Line(long)],
        LayoutOptions {
            color: ColorMode::Colored,
            ..look(24)
        },
    );
    for line in coloured.lines() {
        assert!(line.ends_with("\u{1b}[0m"), "{line:?}");
    }
}

#[test]
fn groups_and_steps() {
    let blocks = [
        Block::Heading("Failed".to_owned()),
        Block::Group(Group {
            title: Words::new(
                Meaning::Bad,
                "the static host refuses the password (2 packages)",
            ),
            items: vec![
                ("monitor v2.0.7".to_owned(), "exit status 5".to_owned()),
                (
                    "wecmdb v2.0.10".to_owned(),
                    "a message of the platform that is longer than the line has room for"
                        .to_owned(),
                ),
            ],
            next: Some("set the password".to_owned()),
        }),
        Block::Steps(vec![
            Todo {
                what: "do this".to_owned(),
                how: Some("in the portal".to_owned()),
            },
            Todo {
                what: "bring a newer one".to_owned(),
                how: Some(
                    "wecubectl plugin upload itsdangerous-v0.2.5.zip --and-a-very-long-flag"
                        .to_owned(),
                ),
            },
        ]),
    ];
    insta::assert_snapshot!(page(&blocks, look(60)), @r"
    Failed
      the static host refuses the password (2 packages)
        monitor v2.0.7  exit status 5
        wecmdb v2.0.10  a message of the platform that is longer
                        than the line has room for
        → set the password

      1. do this
         in the portal
      2. bring a newer one
         wecubectl plugin upload itsdangerous-v0.2.5.zip --and-a-very-long-flag
    ");
    let ascii = LayoutOptions {
        charset: Charset::Ascii,
        ..look(60)
    };
    assert!(page(&blocks, ascii).is_ascii());
}
