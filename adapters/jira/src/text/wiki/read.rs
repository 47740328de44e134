//! Wiki markup into a tree: lines into blocks. Blocks with an end of their own (`{code}`, `{quote}`) are taken out first, in
//! `read/macros`; lines are in `read/inlines`, tables in `read/table`.

mod inlines;
mod macros;
mod table;

use std::collections::BTreeSet;

use self::macros::{Extracted, Macro, PLACE};
use super::PANELS;
use crate::text::tree::{Alert, Block, Inline, Item, List, Mark, Style, flat, is_blank, settled, with_mark};

/// How deep lists nest before further ones are items of the last.
const MAX_LISTS: usize = 16;
/// How deep quotes and panels nest; each is written around the other at most once.
const MAX_MACROS: usize = 4;
/// Begins a line that is a quote.
const QUOTE: &str = "bq. ";

/// Returns the blocks of a text in wiki markup, and what they lost.
pub(super) fn read(wiki: &str) -> (Vec<Block<'static>>, Vec<String>) {
    let mut lost = BTreeSet::new();
    let wiki = wiki.replace("\r\n", "\n").replace('\r', "\n").replace(['\0', PLACE], "\u{fffd}");
    let blocks = blocks(macros::verbatim(&wiki, &mut lost), 0, &mut lost);
    (blocks, lost.into_iter().collect())
}

/// Returns the blocks of a text whose code was taken out.
fn blocks(text: Extracted, depth: usize, lost: &mut BTreeSet<String>) -> Vec<Block<'static>> {
    let text = if depth < MAX_MACROS { macros::containers(text, lost) } else { text };
    let mut reader = Reader { lost, macros: text.macros.into_iter(), depth, blocks: Vec::new(), open: Open::Nothing };
    for line in text.text.split('\n') {
        reader.line(line);
    }
    reader.finish();
    reader.blocks
}

struct Reader<'r> {
    lost: &'r mut BTreeSet<String>,
    /// What stands in the places, in their order.
    macros: std::vec::IntoIter<Macro>,
    depth: usize,
    blocks: Vec<Block<'static>>,
    open: Open,
}

/// What the next line may go on with.
enum Open {
    Nothing,
    Paragraph(Vec<Part>),
    List(Vec<Level>),
    Table(table::Rows),
}

/// A part of a paragraph or an item: lines, or a block that stands among them.
enum Part {
    Line(Vec<Inline<'static>>),
    Block(Block<'static>),
}

/// A list that is being read, the outer ones before it.
struct Level {
    is_numbered: bool,
    items: Vec<Vec<Part>>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) {
        let trimmed = line.trim_start_matches([' ', '\t']);
        if trimmed.trim_end().is_empty() {
            return self.finish();
        }
        if let Some((level, text)) = heading(trimmed) {
            self.finish();
            let content = self.flat(text.trim());
            if !is_blank(&content) {
                self.blocks.push(Block::Heading { level, content });
            }
            return;
        }
        if let Some(text) = trimmed.strip_prefix(QUOTE) {
            self.finish();
            let content = self.parts(text.trim());
            let content = finished(content);
            return self.blocks.push(Block::Quote { alert: None, content });
        }
        if is_rule(trimmed) {
            self.finish();
            return self.blocks.push(Block::Rule);
        }
        if trimmed.starts_with('|') || matches!(&self.open, Open::Table(rows) if rows.is_open()) {
            return self.table_line(line);
        }
        if let Some((marker, text)) = marker(trimmed) {
            return self.item(marker, text);
        }
        let parts = self.parts(line.trim_end_matches([' ', '\t']));
        match &mut self.open {
            Open::Paragraph(open) => join(open, parts),
            Open::List(levels) => {
                if let Some(item) = levels.last_mut().and_then(|level| level.items.last_mut()) {
                    join(item, parts);
                }
            }
            Open::Nothing | Open::Table(_) => {
                self.finish();
                self.open = Open::Paragraph(parts);
            }
        }
    }

    /// Returns a line with the blocks that stand in it.
    fn parts(&mut self, line: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        for (at, text) in line.split(PLACE).enumerate() {
            if at > 0
                && let Some(block) = self.macros.next()
            {
                let block = self.expanded(block);
                parts.push(Part::Block(block));
            }
            // A place at the edge of a line has nothing beside it.
            if !text.trim().is_empty() || !line.contains(PLACE) {
                let text = if at > 0 { text.trim_start_matches([' ', '\t']) } else { text };
                parts.push(Part::Line(inlines::line(text, self.lost)));
            }
        }
        parts
    }

    /// Returns a line for a place that holds no blocks.
    fn flat(&mut self, line: &str) -> Vec<Inline<'static>> {
        if !line.contains(PLACE) {
            return settled(inlines::line(line, self.lost));
        }
        let parts = self.parts(line);
        flat(finished(parts))
    }

    fn expanded(&mut self, block: Macro) -> Block<'static> {
        match block {
            Macro::Code { language, text } => Block::Code { language: language.into(), text: text.into() },
            Macro::Quote(text) => Block::Quote { alert: None, content: blocks(text, self.depth + 1, self.lost) },
            Macro::Panel { title, color, text } => {
                let known = PANELS.iter().find(|(known, _)| color.eq_ignore_ascii_case(known));
                if known.is_none() {
                    self.lost.insert("panel".to_owned());
                }
                let mut content = blocks(text, self.depth + 1, self.lost);
                if !title.is_empty() {
                    self.lost.insert("panel.title".to_owned());
                    let title = with_mark(Inline::text(title), Mark::Strong);
                    content.insert(0, Block::Paragraph(settled(vec![title])));
                }
                Block::Quote { alert: Some(known.map_or(Alert::Note, |(_, alert)| *alert)), content }
            }
        }
    }

    fn item(&mut self, marker: &str, text: &str) {
        let parts = self.parts(text.trim());
        let mut levels = match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::List(levels) => levels,
            other => {
                self.open = other;
                self.finish();
                Vec::new()
            }
        };
        let wanted = marker.len().min(MAX_LISTS);
        let is_numbered = marker.ends_with('#');
        while levels.len() > wanted {
            close_level(&mut levels, &mut self.blocks);
        }
        if levels.len() == wanted && levels.last().is_some_and(|level| level.is_numbered != is_numbered) {
            close_level(&mut levels, &mut self.blocks);
        }
        while levels.len() < wanted {
            let sign = marker.as_bytes().get(levels.len());
            let is_last = levels.len() + 1 == wanted;
            let is_numbered = if is_last { is_numbered } else { sign == Some(&b'#') };
            if let Some(outer) = levels.last_mut()
                && outer.items.is_empty()
            {
                outer.items.push(Vec::new());
            }
            levels.push(Level { is_numbered, items: Vec::new() });
        }
        if let Some(level) = levels.last_mut() {
            level.items.push(parts);
        }
        self.open = Open::List(levels);
    }

    fn table_line(&mut self, line: &str) {
        if !matches!(self.open, Open::Table(_)) {
            self.finish();
            self.open = Open::Table(table::Rows::default());
        }
        if let Open::Table(rows) = &mut self.open {
            rows.line(line);
        }
    }

    fn finish(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Paragraph(parts) => self.blocks.extend(finished(parts)),
            Open::List(mut levels) => {
                while !levels.is_empty() {
                    close_level(&mut levels, &mut self.blocks);
                }
            }
            Open::Table(rows) => {
                let table = rows.finish(self);
                self.blocks.push(Block::Table(table));
            }
        }
    }
}

/// Ends the innermost list: it belongs to the last item of the one around it.
fn close_level(levels: &mut Vec<Level>, blocks: &mut Vec<Block<'static>>) {
    let Some(level) = levels.pop() else { return };
    let items = level.items.into_iter().map(item).collect();
    let list = Block::List(List { start: level.is_numbered.then_some(1), items });
    match levels.last_mut().and_then(|outer| outer.items.last_mut()) {
        Some(item) => item.push(Part::Block(list)),
        None => blocks.push(list),
    }
}

/// Returns an item; one that begins with a box is a task.
fn item(parts: Vec<Part>) -> Item<'static> {
    let mut content = finished(parts);
    let Some(Block::Paragraph(line)) = content.first_mut() else { return Item::from(content) };
    let is_alone = matches!(line.get(1), None | Some(Inline::Break));
    let Some(Inline::Text(run)) =
        line.first_mut().filter(|first| matches!(first, Inline::Text(run) if run.style == Style::default()))
    else {
        return Item::from(content);
    };
    let checked = match run.text.get(..3) {
        Some("[ ]") => false,
        Some("[x]") => true,
        _ => return Item::from(content),
    };
    let rest = run.text[3..].to_owned();
    if !rest.is_empty() && !rest.starts_with(' ') || rest.is_empty() && !is_alone {
        return Item::from(content);
    }
    run.text = rest.trim_start().to_owned().into();
    *line = settled(std::mem::take(line));
    if is_blank(line) {
        content.remove(0);
    }
    Item { checked: Some(checked), content }
}

/// Puts what stands on the next line behind what is there.
fn join(open: &mut Vec<Part>, parts: Vec<Part>) {
    if let Some(Part::Line(line)) = open.last_mut()
        && matches!(parts.first(), Some(Part::Line(_)))
    {
        line.push(Inline::Break);
    }
    open.extend(parts);
}

/// Returns the blocks of parts: neighbouring lines are one paragraph.
fn finished(parts: Vec<Part>) -> Vec<Block<'static>> {
    let mut blocks = Vec::new();
    let mut line = Vec::new();
    for part in parts {
        match part {
            Part::Line(more) => line.extend(more),
            Part::Block(block) => {
                paragraph(std::mem::take(&mut line), &mut blocks);
                blocks.push(block);
            }
        }
    }
    paragraph(line, &mut blocks);
    blocks
}

fn paragraph(line: Vec<Inline<'static>>, into: &mut Vec<Block<'static>>) {
    let line = settled(line);
    if !is_blank(&line) {
        into.push(Block::Paragraph(line));
    }
}

/// Says whether a line, without the spaces before it, is more than a line of a paragraph.
pub(super) fn begins_block(line: &str) -> bool {
    heading(line).is_some()
        || line.starts_with(QUOTE)
        || line.starts_with('|')
        || is_rule(line)
        || marker(line).is_some()
}

fn is_rule(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 4 && line.bytes().all(|byte| byte == b'-')
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let rest = line.strip_prefix('h')?;
    let level = rest.bytes().next().filter(|digit| (b'1'..=b'6').contains(digit))?;
    let text = rest[1..].strip_prefix('.')?;
    (text.is_empty() || text.starts_with([' ', '\t'])).then_some((level - b'0', text))
}

/// Returns the signs that begin an item, and its text.
fn marker(line: &str) -> Option<(&str, &str)> {
    let length = line.bytes().take_while(|byte| matches!(byte, b'*' | b'#' | b'-')).count();
    let (marker, text) = line.split_at(length);
    // Hyphens are an item only one by one: more are a dash.
    let is_marker = length > 0 && (!marker.contains('-') || marker == "-");
    (is_marker && (text.is_empty() || text.starts_with([' ', '\t']))).then_some((marker, text))
}
