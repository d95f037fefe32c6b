//! Blocks → a page of a terminal or a log.
//!
//! Width, colours and charset are passed in, so that a page is reproducible. Colours are put in last:
//! until then words carry marks that take no column ([`paint`]), because a table must be laid out by
//! what is seen. The marks cannot come from outside: everything that is not ours is cleaned of them
//! ([`crate::i18n::clean`]).

use anstyle::{AnsiColor, Style};
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle,
};
use unicode_width::UnicodeWidthStr as _;

use super::block::{Align, Block, Field, Grid, Group, Head, Meaning, Todo, Words};
use super::wrap::wrap;

/// How a page is laid out.
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
    /// Check marks and box lines.
    Unicode,
    /// ASCII only.
    Ascii,
}

impl Charset {
    /// The mark of a state.
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

/// Space between two columns of a table.
const GAP: usize = 2;
/// Least width of a column that wraps.
const LEAST_WRAPPED: usize = 28;

/// Lays blocks out, the verdict first.
pub fn page(blocks: &[Block], look: LayoutOptions) -> String {
    let mut page = Page {
        look,
        text: String::new(),
    };
    let mut above: Option<&Block> = None;
    for block in verdict_first(blocks) {
        if above.is_some_and(|above| are_apart(above, block)) {
            page.text.push('\n');
        }
        page.block(block);
        above = Some(block);
    }
    coloured(&page.text, look.color)
}

/// Blocks in reading order: how it ended, then the details.
pub(super) fn verdict_first(blocks: &[Block]) -> impl Iterator<Item = &Block> {
    let is_verdict = |block: &&Block| matches!(block, Block::Verdict(_));
    let verdicts = blocks.iter().filter(is_verdict);
    verdicts.chain(blocks.iter().filter(move |block| !is_verdict(block)))
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

    /// A table. If it is too wide, its widest column wraps; if that would leave too little room and it
    /// is the last, each of its fields stands below its row.
    fn table(&mut self, grid: &Grid) {
        let widths = widths(grid);
        let total: usize = widths.iter().map(|width| width + GAP).sum();
        let Some(widest) = (0..widths.len()).max_by_key(|at| widths[*at]) else {
            return;
        };
        let others = total - widths[widest] - GAP;
        let room = self.look.width.saturating_sub(others);
        if total <= self.look.width + GAP {
            self.rows(grid, None, |_| None);
        } else if room >= LEAST_WRAPPED {
            self.rows(grid, Some(widest), |_| None);
        } else if widest + 1 == widths.len() && widest > 0 && room >= GAP {
            let columns = |fields: &[Field]| fields[..widest].to_vec();
            let without = Grid {
                heads: grid.heads[..widest].to_vec(),
                rows: grid.rows.iter().map(|row| columns(row)).collect(),
            };
            self.rows(&without, None, |at| grid.rows[at].last());
        } else {
            self.rows(grid, None, |_| None);
        }
    }

    /// The lines of a table. `wrapped` is the one column that may be narrower than its content;
    /// `below` is what stands under a row, which then takes one line.
    fn rows<'a>(
        &mut self,
        grid: &Grid,
        wrapped: Option<usize>,
        below: impl Fn(usize) -> Option<&'a Field>,
    ) {
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
        for (at, (column, head)) in table.column_iter_mut().zip(&grid.heads).enumerate() {
            column.set_padding((0, u16::try_from(GAP).unwrap_or(2)));
            if head.align == Align::Right {
                column.set_cell_alignment(CellAlignment::Right);
            }
            if wrapped.is_some_and(|wrapped| wrapped != at) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        let mut row = None;
        for line in table.lines() {
            if line.starts_with(self.look.charset.rule()) {
                row = Some(0);
                self.text.push_str(&line);
                self.end_line();
                continue;
            }
            let meaning = if row.is_none() {
                Meaning::Strong
            } else {
                Meaning::Plain
            };
            self.text.push_str(&paint(meaning, &line));
            self.end_line();
            if let Some(at) = row.as_mut() {
                if let Some(field) = below(*at) {
                    for words in &field.pieces {
                        self.hanging("    ", words);
                    }
                }
                *at += 1;
            }
        }
    }
}

/// Columns that the content of each column takes.
fn widths(grid: &Grid) -> Vec<usize> {
    let heads = grid.heads.iter().enumerate();
    let width = |at: usize, head: &Head| {
        let fields = grid.rows.iter().filter_map(|row| row.get(at));
        let fields = fields.map(|field| {
            let pieces = field.pieces.iter().map(|piece| piece.text.width() + 1);
            pieces.sum::<usize>().saturating_sub(1)
        });
        fields.chain([head.text.width()]).max().unwrap_or(0)
    };
    heads.map(|(at, head)| width(at, head)).collect()
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
