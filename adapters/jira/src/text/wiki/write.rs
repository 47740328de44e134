//! A tree as wiki markup: blocks. Lines are in `write/inlines`.

mod inlines;

use self::inlines::{Place, line};
use super::PANELS;
use crate::text::tree::{
    Alert, Block, Inline, Item, List, Mark, Row, Table, flat, is_blank, row_as_line, settled, with_mark,
};

/// Returns blocks as wiki markup.
pub(super) fn write(blocks: Vec<Block<'_>>) -> String {
    let mut text = String::new();
    self::blocks(blocks, Around::default(), &mut text);
    text
}

/// Which blocks are around: each ends at the first of its own tags, so that none can be in itself.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    quote: bool,
    panel: bool,
}

fn blocks(blocks: Vec<Block<'_>>, around: Around, into: &mut String) {
    let start = into.len();
    for block in blocks {
        if into.len() > start {
            into.push_str("\n\n");
        }
        self::block(block, around, into);
    }
}

fn block(block: Block<'_>, around: Around, into: &mut String) {
    match block {
        Block::Paragraph(content) => into.push_str(&line(&content, Place::Paragraph)),
        Block::Heading { level, content } => {
            into.push_str(&format!("h{level}. "));
            into.push_str(&line(&content, Place::Line));
        }
        Block::List(list) => self::list(list, "", around, into),
        Block::Code { language, text } => code(&language, &text, into),
        Block::Quote { alert: None, content } if !around.quote => {
            into.push_str("{quote}\n");
            blocks(content, Around { quote: true, ..around }, into);
            into.push_str("\n{quote}");
        }
        Block::Quote { alert: Some(alert), content } if !around.panel => {
            into.push_str(&format!("{{panel:bgColor={}}}\n", color(alert)));
            blocks(content, Around { panel: true, ..around }, into);
            into.push_str("\n{panel}");
        }
        Block::Quote { content, .. } => blocks(content, around, into),
        Block::Table(table) => self::table(table, into),
        Block::Rule => into.push_str("----"),
    }
}

fn list(list: List<'_>, outer: &str, around: Around, into: &mut String) {
    let marker = format!("{outer}{}", if list.start.is_some() { '#' } else { '*' });
    for (at, item) in list.items.into_iter().enumerate() {
        if at > 0 {
            into.push('\n');
        }
        self::item(item, &marker, around, into);
    }
}

/// Writes an item: what stands in its line, and the lists below it. What stands below a list is an item of its own.
fn item(item: Item<'_>, marker: &str, around: Around, into: &mut String) {
    into.push_str(marker);
    into.push(' ');
    if let Some(checked) = item.checked {
        into.push_str(if checked { "\\[x\\] " } else { "\\[ \\] " });
    }
    let mut is_new = true;
    let mut below_list = false;
    for block in item.content {
        if let Block::List(inner) = block {
            into.truncate(into.trim_end_matches(' ').len());
            into.push('\n');
            list(inner, marker, around, into);
            below_list = true;
            continue;
        }
        if below_list {
            into.push('\n');
            into.push_str(marker);
            into.push(' ');
            is_new = true;
            below_list = false;
        }
        in_item(block, is_new, around, into);
        is_new = false;
    }
}

fn in_item(block: Block<'_>, is_new: bool, around: Around, into: &mut String) {
    let text = match block {
        Block::Paragraph(content) => content,
        Block::Heading { content, .. } => {
            settled(content.into_iter().map(|inline| with_mark(inline, Mark::Strong)).collect())
        }
        Block::Rule => vec![Inline::text("---")],
        Block::Table(table) => {
            let rows = table.header.into_iter().chain(table.rows).map(|row| Block::Paragraph(row_as_line(row)));
            flat(rows.collect())
        }
        other => return self::block(other, around, into),
    };
    if !is_new && !into.ends_with('}') {
        into.push_str("\\\\");
    }
    into.push_str(&line(&text, Place::Line));
}

fn table(table: Table<'_>, into: &mut String) {
    if let Some(header) = &table.header {
        row(header, "||", into);
    }
    for (at, cells) in table.rows.iter().enumerate() {
        if at > 0 || table.header.is_some() {
            into.push('\n');
        }
        row(cells, "|", into);
    }
}

fn row(cells: &Row<'_>, bar: &str, into: &mut String) {
    into.push_str(bar);
    if cells.is_empty() {
        into.extend([" ", bar]);
    }
    for cell in cells {
        let text = line(cell, Place::Line);
        into.push_str(if is_blank(cell) || text.is_empty() { " " } else { &text });
        into.push_str(bar);
    }
}

/// Writes code; what it says cannot be escaped, so that code that has both tags in it is monospaced lines.
fn code(language: &str, text: &str, into: &mut String) {
    let is_word = language
        .chars()
        .all(|character| character.is_alphanumeric() || matches!(character, '+' | '-' | '.' | '_' | '#'));
    let has_word = is_word && !language.is_empty();
    let tag = match (text.contains("{code}"), text.contains("{noformat}")) {
        (false, _) if has_word => format!("{{code:{language}}}"),
        (_, false) => "{noformat}".to_owned(),
        (false, true) => "{code}".to_owned(),
        (true, true) => {
            let lines = flat(vec![Block::Code { language: "".into(), text: text.into() }]);
            return into.push_str(&line(&lines, Place::Line));
        }
    };
    let end = if tag.starts_with("{code") { "{code}" } else { "{noformat}" };
    into.extend([&tag, "\n", text, "\n", end]);
}

fn color(alert: Alert) -> &'static str {
    PANELS.iter().find(|(_, known)| *known == alert).map_or("#deebff", |(color, _)| color)
}
