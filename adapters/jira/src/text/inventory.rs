//! What stands in a text, by kinds. Two inventories tell what a text lost on its way into another language; nothing is converted here.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Alert, Block, Image, Inline, Item, List, Mark, Run, Style, Table, plain};

/// Everything that stands in a text: its kind, what tells it from others of that kind, and how often it is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Inventory {
    things: BTreeMap<(&'static str, String), usize>,
    /// Everything that can be read, in its order, without spaces.
    said: String,
}

/// Kinds that are told only if nothing else is: a table that became lines is no text any more either.
const LAST: &[&str] = &["text"];

/// Kinds of which there can also be too many: a line that was divided, a list or an item that became two.
const DIVIDED: &[&str] = &["line break", "list", "list item", "numbered list", "paragraph", "quote", "table"];

impl Inventory {
    /// Takes the inventory of a text.
    pub(crate) fn of(blocks: &[Block<'_>]) -> Self {
        let mut inventory = Self::default();
        inventory.blocks(blocks, 0);
        inventory
    }

    /// Returns the kinds of what stands here and not in what became of it; sorted.
    pub(crate) fn lost_in(&self, became: &Self) -> BTreeSet<&'static str> {
        let missing = self.more_than(became);
        let told: BTreeSet<_> = missing.iter().copied().filter(|kind| !LAST.contains(kind)).collect();
        if !told.is_empty() {
            return told;
        }
        let divided: BTreeSet<_> = became.more_than(self).into_iter().filter(|kind| DIVIDED.contains(kind)).collect();
        if !divided.is_empty() {
            return divided;
        }
        if missing.is_empty() && self.said != became.said {
            return BTreeSet::from(["order"]);
        }
        missing
    }

    /// Returns the kinds of which there is more here than there.
    fn more_than(&self, other: &Self) -> BTreeSet<&'static str> {
        let more =
            self.things.iter().filter(|(thing, count)| other.things.get(*thing).is_none_or(|there| there < *count));
        more.map(|((kind, _), _)| *kind).collect()
    }

    fn add(&mut self, kind: &'static str, what: impl Into<String>) {
        *self.things.entry((kind, what.into())).or_default() += 1;
    }

    /// Adds blocks, which stand in as many lists.
    fn blocks(&mut self, blocks: &[Block<'_>], depth: usize) {
        for block in blocks {
            self.block(block, depth);
        }
    }

    fn block(&mut self, block: &Block<'_>, depth: usize) {
        let place = depth.to_string();
        match block {
            Block::Paragraph(content) => {
                self.add("paragraph", place);
                self.line(content);
            }
            Block::Heading { level, content } => {
                self.add("heading", format!("{place} {level}"));
                self.line(content);
            }
            Block::List(list) => self.list(list, depth),
            Block::Code { language, text } => {
                self.add("code block", format!("{place} {text}"));
                if !language.is_empty() {
                    self.add("language of a code block", &**language);
                }
                self.say(text);
            }
            Block::Quote { alert, content } => {
                let kind = alert.map_or("quote", |_| "alert");
                self.add(kind, format!("{place} {}", alert.map_or("", word)));
                self.blocks(content, depth);
            }
            Block::Table(table) => self.table(table, &place),
            Block::Rule => self.add("rule", place),
        }
    }

    fn list(&mut self, list: &List<'_>, depth: usize) {
        match list.start {
            None => self.add("list", depth.to_string()),
            Some(start) => {
                self.add("numbered list", depth.to_string());
                if start != 1 {
                    self.add("first number of a list", start.to_string());
                }
            }
        }
        for Item { checked, content } in &list.items {
            match checked {
                None => self.add("list item", depth.to_string()),
                Some(checked) => self.add("task", format!("{depth} {checked}")),
            }
            self.blocks(content, depth + 1);
        }
    }

    /// Adds a table with its cells, in which spaces and empty places at the end of a row say nothing.
    fn table(&mut self, table: &Table<'_>, place: &str) {
        let mut cells = format!("{place} {}", table.header.is_some());
        for row in table.header.iter().chain(&table.rows) {
            let texts: Vec<String> = row.iter().map(|cell| unspaced(&plain(cell))).collect();
            let length = texts.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
            cells.push('\n');
            cells.push_str(&texts[..length].join("|"));
            row.iter().for_each(|cell| self.line(cell));
        }
        self.add("table", cells);
    }

    fn line(&mut self, content: &[Inline<'_>]) {
        let mut line = Line { inventory: self, text: String::new(), open: BTreeMap::new() };
        for (at, inline) in content.iter().enumerate() {
            let beside = [at.checked_sub(1).and_then(|before| content.get(before)), content.get(at + 1)];
            line.inline(inline, beside);
        }
        line.end();
    }

    fn say(&mut self, text: &str) {
        self.said.extend(text.chars().filter(|character| !character.is_whitespace()));
    }
}

/// One line, while it is gone through.
struct Line<'i> {
    inventory: &'i mut Inventory,
    /// What it says, since the last break or picture.
    text: String,
    /// The text so far of what goes on from run to run: marks, and the link.
    open: BTreeMap<(&'static str, String), String>,
}

impl Line<'_> {
    fn inline(&mut self, inline: &Inline<'_>, beside: [Option<&Inline<'_>>; 2]) {
        let Inline::Text(run) = inline else {
            self.close(|_| false);
            return self.other(inline, beside);
        };
        let around = around(run);
        self.close(|open| around.contains(open));
        for what in around {
            self.open.entry(what).or_default().push_str(&run.text);
        }
        self.say(&run.text);
    }

    fn other(&mut self, inline: &Inline<'_>, beside: [Option<&Inline<'_>>; 2]) {
        match inline {
            Inline::Text(_) => {}
            Inline::Break => {
                self.end();
                self.inventory.add("line break", "");
            }
            Inline::Mention { id, .. } => {
                self.text.push('\u{fffc}');
                self.inventory.add("mention", &**id);
            }
            Inline::Card(url) => {
                self.inventory.add("link", &**url);
                self.say(url);
            }
            Inline::File { target, .. } => {
                self.text.push('\u{fffc}');
                self.inventory.add("file", &**target);
            }
            Inline::Image(Image { name, target, link }) => {
                self.end();
                let is_alone = beside.iter().flatten().all(|inline| matches!(inline, Inline::Break));
                let kind = if is_alone { "image" } else { "image within a line" };
                let spaces = spaces(beside);
                self.inventory
                    .add(kind, format!("{name}\n{target}\n{}\n{spaces:?}", link.as_deref().unwrap_or_default()));
            }
        }
    }

    fn say(&mut self, text: &str) {
        self.text.push_str(text);
        self.inventory.say(text);
    }

    /// Ends what does not go on.
    fn close(&mut self, goes_on: impl Fn(&(&'static str, String)) -> bool) {
        let ended: Vec<_> = self.open.keys().filter(|what| !goes_on(what)).cloned().collect();
        for what in ended {
            let text = self.open.remove(&what).unwrap_or_default();
            let (kind, detail) = what;
            self.inventory.add(kind, format!("{detail}\n{}", trimmed(&text)));
        }
    }

    /// Ends the line, or a part of it.
    fn end(&mut self) {
        self.close(|_| false);
        let text = std::mem::take(&mut self.text);
        if !trimmed(&text).is_empty() {
            self.inventory.add("text", trimmed(&text));
        }
    }
}

/// Says whether there is a space before something, and one behind it.
fn spaces([before, behind]: [Option<&Inline<'_>>; 2]) -> [bool; 2] {
    let ends = |inline: &Inline<'_>| matches!(inline, Inline::Text(run) if run.text.ends_with(char::is_whitespace));
    let begins = |inline: &Inline<'_>| matches!(inline, Inline::Text(run) if run.text.starts_with(char::is_whitespace));
    [before.is_some_and(ends), behind.is_some_and(begins)]
}

/// Returns what is around a run.
fn around(run: &Run<'_>) -> Vec<(&'static str, String)> {
    let Style { marks, link } = &run.style;
    let marks = Mark::ALL.into_iter().filter(|mark| marks.has(*mark)).map(|mark| (name(mark), String::new()));
    let target = link.iter().map(|link| ("link", link.target.to_string()));
    let title =
        link.iter().filter(|link| !link.title.is_empty()).map(|link| ("title of a link", link.title.to_string()));
    marks.chain(target).chain(title).collect()
}

fn name(mark: Mark) -> &'static str {
    match mark {
        Mark::Strong => "bold",
        Mark::Emphasis => "italic",
        Mark::Strike => "strike-through",
        Mark::Underline => "underline",
        Mark::Subscript => "subscript",
        Mark::Superscript => "superscript",
        Mark::Code => "code",
    }
}

fn word(alert: Alert) -> &'static str {
    match alert {
        Alert::Note => "note",
        Alert::Tip => "tip",
        Alert::Important => "important",
        Alert::Warning => "warning",
        Alert::Caution => "caution",
    }
}

/// Returns a text without the spaces at its ends that are none in a tree; one that does not break is a sign.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

fn unspaced(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
