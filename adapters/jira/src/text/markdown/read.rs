//! Markdown into a tree: containers and blocks. What stands in a line is in `read/inlines`.

mod inlines;

use std::collections::BTreeSet;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use self::inlines::Inlines;
use crate::text::{
    MAX_DEPTH,
    tree::{Alert, Block, Item, List, Row, Table, is_blank, language, settled},
};

/// What a text in Markdown means, and what it says that the tree has no place for.
pub(crate) struct Meant<'a> {
    pub blocks: Vec<Block<'a>>,
    /// The kinds of what is not in the tree, or there as text alone.
    pub lost: BTreeSet<&'static str>,
}

/// Returns the blocks of a text in Markdown.
#[cfg(test)]
pub(crate) fn read(markdown: &str) -> Vec<Block<'_>> {
    meant(markdown).blocks
}

/// Returns what a text in Markdown means.
///
/// HTML is text, but for `<br>`, `<u>`, `<ins>`, `<sub>` and `<sup>` within lines.
pub(crate) fn meant(markdown: &str) -> Meant<'_> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_GFM;
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, options) {
        reader.event(event);
    }
    reader.finish()
}

#[derive(Default)]
struct Reader<'a> {
    /// The containers around us; the first is the document.
    frames: Vec<Frame<'a>>,
    /// Blocks of the document.
    document: Vec<Block<'a>>,
    inlines: Inlines<'a>,
    code: Option<(String, String)>,
    table: Table<'a>,
    row: Row<'a>,
    /// How many containers around us are too deep to be kept.
    skipped: usize,
    lost: BTreeSet<&'static str>,
}

enum Frame<'a> {
    Quote { alert: Option<Alert>, content: Vec<Block<'a>> },
    List(List<'a>),
    Item(Item<'a>),
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) if self.code.is_some() => {
                if let Some((_, code)) = &mut self.code {
                    code.push_str(&text);
                }
            }
            Event::Rule => self.block(Block::Rule),
            Event::TaskListMarker(checked) => {
                if let Some(Frame::Item(item)) = self.frames.last_mut().filter(|_| self.skipped == 0) {
                    item.checked = Some(checked);
                }
            }
            inline => self.inlines.event(inline),
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.paragraph(),
            Tag::Heading { .. } => self.paragraph(),
            Tag::BlockQuote(kind) => self.enter(Frame::Quote { alert: kind.map(alert), content: Vec::new() }),
            Tag::List(start) => self.enter(Frame::List(List { start, items: Vec::new() })),
            Tag::Item => self.enter(Frame::Item(Item::default())),
            Tag::CodeBlock(kind) => {
                self.paragraph();
                let language = match kind {
                    CodeBlockKind::Fenced(name) => language(&name),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::Table(columns) => {
                self.paragraph();
                if columns.iter().any(|column| *column != Alignment::None) {
                    self.lost.insert("alignment of a table");
                }
            }
            Tag::TableHead | Tag::TableRow | Tag::TableCell => {}
            inline => self.inlines.start(inline),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.paragraph(),
            TagEnd::Heading(level) => {
                let content = settled(self.inlines.take());
                if !is_blank(&content) {
                    self.block(Block::Heading { level: level as u8, content });
                }
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.leave(),
            TagEnd::CodeBlock => {
                let Some((language, mut text)) = self.code.take() else { return };
                if text.ends_with('\n') {
                    text.pop();
                }
                self.block(Block::Code { language: language.into(), text: text.replace('\0', "\u{fffd}").into() });
            }
            TagEnd::TableCell => self.row.push(settled(self.inlines.take())),
            TagEnd::TableHead => {
                let row = std::mem::take(&mut self.row);
                self.table.header = row.iter().any(|cell| !is_blank(cell)).then_some(row);
            }
            TagEnd::TableRow => self.table.rows.push(std::mem::take(&mut self.row)),
            TagEnd::Table => {
                let table = std::mem::take(&mut self.table);
                if table.header.is_some() || !table.rows.is_empty() {
                    self.block(Block::Table(table));
                }
            }
            inline => self.inlines.end(inline),
        }
    }

    /// Ends what stood in lines, if anything did.
    fn paragraph(&mut self) {
        let content = settled(self.inlines.take());
        if !is_blank(&content) {
            self.block(Block::Paragraph(content));
        }
    }

    fn block(&mut self, block: Block<'a>) {
        match self.frames.last_mut() {
            None => self.document.push(block),
            Some(Frame::Quote { content, .. }) => content.push(block),
            Some(Frame::Item(item)) => item.content.push(block),
            Some(Frame::List(list)) => list.items.push(Item::from(vec![block])),
        }
    }

    fn enter(&mut self, frame: Frame<'a>) {
        self.paragraph();
        if self.skipped > 0 || self.frames.len() >= MAX_DEPTH {
            self.skipped += 1;
            self.lost.insert("nesting");
        } else {
            self.frames.push(frame);
        }
    }

    fn leave(&mut self) {
        self.paragraph();
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match self.frames.pop() {
            Some(Frame::Quote { alert, content }) => self.block(Block::Quote { alert, content }),
            Some(Frame::List(list)) => self.block(Block::List(list)),
            Some(Frame::Item(item)) => match self.frames.last_mut() {
                Some(Frame::List(list)) => list.items.push(item),
                _ => item.content.into_iter().for_each(|block| self.block(block)),
            },
            None => {}
        }
    }

    fn finish(mut self) -> Meant<'a> {
        self.paragraph();
        self.lost.append(&mut self.inlines.lost);
        Meant { blocks: self.document, lost: self.lost }
    }
}

fn alert(kind: BlockQuoteKind) -> Alert {
    match kind {
        BlockQuoteKind::Note => Alert::Note,
        BlockQuoteKind::Tip => Alert::Tip,
        BlockQuoteKind::Important => Alert::Important,
        BlockQuoteKind::Warning => Alert::Warning,
        BlockQuoteKind::Caution => Alert::Caution,
    }
}
