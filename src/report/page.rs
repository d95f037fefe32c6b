//! Blocks → a page of a terminal or a log.
//!
//! Width, colours and charset are passed in, so that a page is reproducible. Colours are put in last:
//! until then words carry marks that take no column ([`paint`]), because a table must be laid out by
//! what is seen. The marks cannot come from outside: everything that is not ours is cleaned of them
//! ([`crate::i18n::clean`]).

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use unicode_width::UnicodeWidthStr as _;

use super::block::{Align, Block, Field, Grid, Group, Meaning, Todo, Words};
use super::wrap::wrap;

/// How a page looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayoutOptions {
    /// Columns.
    pub width: usize,
    /// Whether there are colours.
    pub color: ColorMode,
    /// Which characters are drawn with.
    pub charset: Charset,
}

/// Whether a page has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMode {
    /// By meaning.
    Colored,
    /// None.
    Plain,
}

/// Which characters are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// Check marks and lines.
    Unicode,
    /// ASCII alone.
    Ascii,
}

impl Charset {
    /// The sign of what is as it should be, is not, is not known, needs not be.
    pub(super) fn sign(self, meaning: Meaning) -> &'static str {
        match (self, meaning) {
            (Self::Unicode, Meaning::Good) => "✓",
            (Self::Unicode, Meaning::Bad) => "✗",
            (Self::Ascii, Meaning::Good) => "+",
            (Self::Ascii, Meaning::Bad) => "x",
            (_, Meaning::Warning) => "?",
            (_, _) => "-",
        }
    }

    fn rule(self) -> char {
        match self {
            Self::Unicode => '─',
            Self::Ascii => '-',
        }
    }
}

/// Ends what a mark began.
const END: char = '\u{2060}';
/// Marks and what they mean.
const MARKS: [(char, Meaning); 5] = [
    ('\u{2061}', Meaning::Good),
    ('\u{2062}', Meaning::Bad),
    ('\u{2063}', Meaning::Warning),
    ('\u{2064}', Meaning::Quiet),
    ('\u{206f}', Meaning::Strong),
];

/// Columns between two columns of a table.
const GAP: usize = 2;

/// Lays blocks out.
pub fn page(blocks: &[Block], look: LayoutOptions) -> String {
    let mut page = Page {
        look,
        text: String::new(),
    };
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 && are_apart(&blocks[at - 1], block) {
            page.text.push('\n');
        }
        page.block(block);
    }
    coloured(&page.text, look.color)
}

/// Whether there is an empty line between two blocks.
fn are_apart(above: &Block, below: &Block) -> bool {
    match (above, below) {
        (Block::Heading(_), _) | (Block::Line(_), Block::Line(_)) => false,
        (Block::Group(above), Block::Steps(_)) => !above.is_said(),
        (Block::Group(above), Block::Group(below)) => !(above.is_said() && below.is_said()),
        _ => true,
    }
}

struct Page {
    look: LayoutOptions,
    text: String,
}

impl Page {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(words) => self.line(0, &Words::new(Meaning::Strong, words.as_str())),
            Block::Line(words) | Block::Verdict(words) => self.line(0, words),
            Block::Facts(facts) => self.facts(facts),
            Block::Table(grid) => self.table(grid),
            Block::Group(group) => self.group(group),
            Block::Steps(steps) => self.steps(steps),
        }
    }

    /// A paragraph, every line of it `indent` columns from the left.
    fn line(&mut self, indent: usize, words: &Words) {
        self.hanging(&" ".repeat(indent), words);
    }

    /// A paragraph after a lead; the lines after the first stand below its first word.
    fn hanging(&mut self, lead: &str, words: &Words) {
        let indent = lead.width();
        let lines = wrap(&words.text, self.look.width.saturating_sub(indent).max(20));
        for (at, line) in lines.iter().enumerate() {
            if at == 0 {
                self.text.push_str(lead);
            } else {
                self.text.push_str(&" ".repeat(indent));
            }
            self.text.push_str(&paint(words.meaning, line));
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    fn facts(&mut self, facts: &[(String, Words)]) {
        let widest = facts.iter().map(|(label, _)| label.width()).max();
        for (label, words) in facts {
            let fill = widest.unwrap_or(0) - label.width();
            self.hanging(&format!("{label}{}  ", " ".repeat(fill)), words);
        }
    }

    fn group(&mut self, group: &Group) {
        self.line(2, &group.title);
        // Subjects stand in a column while that leaves room for what is said of them.
        let widest = group.items.iter().map(|(subject, _)| subject.width()).max();
        let column = widest.unwrap_or(0).min(self.look.width / 3);
        for (subject, seen) in &group.items {
            let fill = column.saturating_sub(subject.width());
            let lead = format!("    {subject}{}  ", " ".repeat(fill));
            self.hanging(&lead, &Words::plain(seen.as_str()));
        }
        if let Some(next) = &group.next {
            let arrow = match self.look.charset {
                Charset::Unicode => "    → ",
                Charset::Ascii => "    > ",
            };
            self.hanging(arrow, &Words::plain(next.as_str()));
        }
    }

    fn steps(&mut self, steps: &[Todo]) {
        let numbers = steps.len().to_string().len();
        for (at, step) in steps.iter().enumerate() {
            let lead = format!("  {:>numbers$}. ", at + 1);
            self.hanging(&lead, &Words::plain(step.what.as_str()));
            let below = " ".repeat(lead.width());
            match (&step.how, step.command()) {
                // A command stays on one line, however long.
                (_, Some(command)) => {
                    self.text.push_str(&below);
                    self.text.push_str(&paint(Meaning::Strong, command));
                    self.end_line();
                }
                (Some(how), None) => self.hanging(&below, &Words::plain(how.as_str())),
                (None, None) => {}
            }
        }
    }

    fn table(&mut self, grid: &Grid) {
        let rule = LineStyle::none().fill(self.look.charset.rule());
        let mut table = Table::new();
        table
            .load_style(TableStyle::new().header_separator(rule))
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(self.look.width).unwrap_or(u16::MAX));
        table.set_header(grid.heads.iter().map(|head| head.text.as_str()));
        for row in &grid.rows {
            table.add_row(row.iter().map(painted));
        }
        for (column, head) in table.column_iter_mut().zip(&grid.heads) {
            column.set_padding((0, u16::try_from(GAP).unwrap_or(2)));
            if head.align == Align::Right {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut head = Meaning::Strong;
        for line in table.lines() {
            if line.starts_with(self.look.charset.rule()) {
                head = Meaning::Plain;
            }
            self.text.push_str(&paint(head, &line));
            self.end_line();
        }
    }
}

fn painted(field: &Field) -> String {
    let pieces = field.pieces.iter();
    let painted = pieces.map(|piece| paint(piece.meaning, &piece.text));
    painted.collect::<Vec<_>>().join(" ")
}

/// Puts marks around words. Each word gets its own, since a table may break between any two.
fn paint(meaning: Meaning, words: &str) -> String {
    match MARKS.iter().find(|(_, marked)| *marked == meaning) {
        Some((mark, _)) => {
            let words = words.split(' ').map(|word| match word {
                "" => String::new(),
                word => format!("{mark}{word}{END}"),
            });
            words.collect::<Vec<_>>().join(" ")
        }
        None => words.to_owned(),
    }
}

/// Turns marks into colours, or takes them away.
fn coloured(text: &str, how: ColorMode) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<Style> = None;
    for c in text.chars() {
        let begins = MARKS.iter().find(|(mark, _)| *mark == c);
        let ends = c == END || c == '\n' || begins.is_some();
        if ends && let Some(style) = open.take() {
            out.push_str(&style.render_reset().to_string());
        }
        match begins {
            Some((_, meaning)) if how == ColorMode::Colored => {
                let style = style(*meaning);
                out.push_str(&style.render().to_string());
                open = Some(style);
            }
            None if c != END => out.push(c),
            _ => {}
        }
    }
    out
}

fn style(meaning: Meaning) -> Style {
    match meaning {
        Meaning::Plain => Style::new(),
        Meaning::Good => AnsiColor::Green.on_default(),
        Meaning::Bad => AnsiColor::Red.on_default(),
        Meaning::Warning => AnsiColor::Yellow.on_default(),
        Meaning::Quiet => Style::new().dimmed(),
        Meaning::Strong => Style::new().bold(),
    }
}
