//! A tree as a document: blocks, in places that hold not all of them. Lines are in `write/inlines`.

mod inlines;

use super::document::{Document, Node};
use crate::text::tree::{Alert, Block, Inline, Item, List, Mark, Table, flat, row_as_line, settled, with_mark};

/// Returns the document of these blocks.
pub(crate) fn write(blocks: Vec<Block<'_>>) -> Document<'_> {
    Document::new(Writer::default().blocks(blocks, Place::Document))
}

/// What blocks stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Document,
    Item,
    Quote,
    Panel,
}

#[derive(Default)]
struct Writer {
    /// Tasks are told apart by a number.
    last_task: u64,
}

impl Writer {
    fn blocks<'a>(&mut self, blocks: Vec<Block<'a>>, place: Place) -> Vec<Node<'a>> {
        let mut nodes = Vec::with_capacity(blocks.len());
        for block in blocks {
            self.block(block, place, &mut nodes);
        }
        nodes
    }

    fn block<'a>(&mut self, block: Block<'a>, place: Place, into: &mut Vec<Node<'a>>) {
        let has_headings = matches!(place, Place::Document | Place::Panel);
        match block {
            Block::Paragraph(content) => inlines::paragraphs(content, into),
            Block::Heading { level, content } if has_headings => {
                into.push(Node::new("heading", inlines::line(content)).with("level", u64::from(level)));
            }
            Block::Heading { content, .. } => {
                inlines::paragraphs(
                    settled(content.into_iter().map(|inline| with_mark(inline, Mark::Strong)).collect()),
                    into,
                );
            }
            Block::List(list) => self.list(list, place, into),
            Block::Code { language, text } => {
                let content = if text.is_empty() { Vec::new() } else { vec![Node::text(text, Vec::new())] };
                let node = Node::new("codeBlock", content);
                into.push(if language.is_empty() { node } else { node.with("language", language) });
            }
            Block::Quote { alert: Some(alert), content } if place == Place::Document => {
                into.push(Node::new("panel", self.filled(content, Place::Panel)).with("panelType", panel(alert)));
            }
            Block::Quote { alert: None, content } if place == Place::Document => {
                into.push(Node::new("blockquote", self.filled(content, Place::Quote)));
            }
            Block::Quote { content, .. } => into.extend(self.blocks(content, place)),
            Block::Table(table) if place == Place::Document => into.push(self.table(table)),
            Block::Table(table) => {
                let rows = table.header.into_iter().chain(table.rows);
                rows.for_each(|row| inlines::paragraphs(settled(row_as_line(row)), into));
            }
            Block::Rule if has_headings => into.push(Node::leaf("rule")),
            Block::Rule => inlines::paragraphs(vec![Inline::text("---")], into),
        }
    }

    /// Returns blocks for a node that must hold at least one.
    fn filled<'a>(&mut self, blocks: Vec<Block<'a>>, place: Place) -> Vec<Node<'a>> {
        let mut nodes = self.blocks(blocks, place);
        if nodes.is_empty() {
            nodes.push(Node::new("paragraph", Vec::new()));
        }
        nodes
    }

    /// Writes a list; tasks and other items, which may be mixed in Markdown, are lists of their own.
    fn list<'a>(&mut self, list: List<'a>, place: Place, into: &mut Vec<Node<'a>>) {
        let mut start = list.start;
        let mut items = list.items.into_iter().peekable();
        while let Some(first) = items.next() {
            let is_task = first.checked.is_some() && place != Place::Quote;
            let mut alike = vec![first];
            while let Some(item) = items.next_if(|item| (item.checked.is_some() && place != Place::Quote) == is_task) {
                alike.push(item);
            }
            let count = alike.len() as u64;
            if is_task {
                self.tasks(alike, into);
            } else {
                let content = alike.into_iter().map(|item| self.item(item)).collect();
                into.push(match start {
                    Some(start) => Node::new("orderedList", content).with("order", start),
                    None => Node::new("bulletList", content),
                });
            }
            start = start.map(|start| start.saturating_add(count));
        }
    }

    fn item<'a>(&mut self, item: Item<'a>) -> Node<'a> {
        let mut blocks = item.content;
        if let Some(checked) = item.checked {
            // A quote holds no tasks.
            blocks.insert(0, Block::Paragraph(vec![Inline::text(if checked { "☑" } else { "☐" })]));
        }
        let mut content = self.filled(blocks, Place::Item);
        if content[0].is(&["bulletList", "orderedList", "taskList"]) {
            content.insert(0, Node::new("paragraph", Vec::new()));
        }
        Node::new("listItem", content)
    }

    /// Writes tasks: a line each, and the tasks below one as a list after it. Other lists stand between lists of tasks.
    fn tasks<'a>(&mut self, items: Vec<Item<'a>>, into: &mut Vec<Node<'a>>) {
        let mut tasks = Vec::new();
        for item in items {
            let (mut line, mut below) = (Vec::new(), Vec::new());
            for block in item.content {
                match block {
                    Block::List(list) if list.items.iter().any(|item| item.checked.is_some()) => {
                        self.list(list, Place::Item, &mut below)
                    }
                    other => line.push(other),
                }
            }
            let state = if item.checked == Some(true) { "DONE" } else { "TODO" };
            let node = Node::new("taskItem", inlines::line(flat(line)));
            tasks.push(node.with("localId", self.task()).with("state", state));
            for node in below {
                if node.is(&["taskList"]) {
                    tasks.push(node);
                    continue;
                }
                let before = std::mem::take(&mut tasks);
                into.push(Node::new("taskList", before).with("localId", self.task()));
                into.push(node);
            }
        }
        if !tasks.is_empty() {
            into.push(Node::new("taskList", tasks).with("localId", self.task()));
        }
    }

    fn task(&mut self) -> String {
        self.last_task += 1;
        format!("task-{}", self.last_task)
    }

    fn table<'a>(&mut self, table: Table<'a>) -> Node<'a> {
        let row = |kind: &'static str, cells: Vec<Vec<Inline<'a>>>| {
            let cells = cells.into_iter().map(|cell| {
                let mut content = Vec::new();
                inlines::paragraphs(cell, &mut content);
                if content.is_empty() {
                    content.push(Node::new("paragraph", Vec::new()));
                }
                Node::new(kind, content)
            });
            Node::new("tableRow", cells.collect())
        };
        let header = table.header.map(|cells| row("tableHeader", cells));
        let rows = table.rows.into_iter().map(|cells| row("tableCell", cells));
        Node::new("table", header.into_iter().chain(rows).collect())
    }
}

fn panel(alert: Alert) -> &'static str {
    let known = super::read::PANELS.iter().find(|(_, known)| *known == alert);
    known.map_or("info", |(panel, _)| panel)
}
