//! HTML into Markdown, by `htmd`, and what of it needs more than that: tables without a header, text that is preformatted,
//! line breaks, text that is struck, and signs of a text that Markdown would take for its own.

use std::{rc::Rc, sync::LazyLock};

use htmd::{
    Element, HtmlToMarkdown,
    element_handler::{HandlerResult, Handlers},
    options::{BrStyle, BulletListMarker, HrStyle, Options},
};
use markup5ever_rcdom::{Node, NodeData};

use crate::signs;

/// Elements that begin a line of their own; sorted.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html",
    "iframe", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "tbody", "td",
    "textarea", "tfoot", "th", "thead", "title", "tr", "ul",
];

/// What converts, made once: it knows a handler for each element.
static CONVERTER: LazyLock<HtmlToMarkdown> = LazyLock::new(|| {
    let options = Options {
        hr_style: HrStyle::Dashes,
        br_style: BrStyle::Backslash,
        bullet_list_marker: BulletListMarker::Dash,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        preformatted_code: true,
        ..Options::default()
    };
    HtmlToMarkdown::builder()
        .options(options)
        .skip_tags(vec!["script", "style", "head"])
        .add_handler(vec!["table"], table)
        .add_handler(vec!["pre"], preformatted)
        .add_handler(vec!["br"], line_break)
        .add_handler(vec!["del", "s", "strike"], struck)
        // As it is: the converter's own takes the line ends at both of its ends away, and leaves half of a break.
        .add_handler(vec!["span"], |handlers: &dyn Handlers, span: Element<'_>| Some(handlers.walk_children(span.node)))
        .build()
});

/// Returns HTML as Markdown; none where it cannot be read.
pub(crate) fn markdown(html: &str) -> Option<String> {
    let tree = CONVERTER.html_to_tree(html).ok()?;
    hide_signs(&tree, false);
    drop_last_breaks(&tree, false);
    Some(signs::shown(CONVERTER.tree_to_markdown(&tree)))
}

/// Hides the signs of every text, so that the converter leaves them alone.
fn hide_signs(node: &Node, is_code: bool) {
    if let NodeData::Text { contents } = &node.data {
        let hidden = signs::hidden(&contents.borrow(), is_code);
        contents.replace(hidden.as_str().into());
    }
    let is_code = is_code || matches!(name(node), Some("code" | "pre"));
    for child in node.children.borrow().iter() {
        hide_signs(child, is_code);
    }
}

/// Takes away each break behind which its line ends anyway, as editors put one into lines that are empty. Returns whether anything
/// stands in the line before what follows a node.
fn drop_last_breaks(node: &Node, is_followed: bool) -> bool {
    let name = name(node);
    if name == Some("pre") {
        return false;
    }
    let is_block = name.is_some_and(|name| BLOCKS.binary_search(&name).is_ok());
    let mut is_followed = is_followed && !is_block;
    let mut children = node.children.borrow_mut();
    let mut kept = Vec::with_capacity(children.len());
    while let Some(child) = children.pop() {
        if is_followed || self::name(&child) != Some("br") {
            is_followed = drop_last_breaks(&child, is_followed);
            kept.push(child);
        }
    }
    kept.reverse();
    *children = kept;
    match &node.data {
        NodeData::Text { contents } => is_followed || !contents.borrow().trim().is_empty(),
        _ => (is_followed || name == Some("img")) && !is_block,
    }
}

/// Returns a table as one, also where no cell is a header: then the header has no words.
fn table(handlers: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    if is_in(element.node, &["td", "th"]) {
        return Some(handlers.walk_children(element.node));
    }
    let mut found = Table::default();
    found.collect(handlers, element.node, false);
    let columns = found.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    if columns == 0 {
        return block(handlers.walk_children(element.node).content.trim_matches('\n'));
    }
    let header = if found.rows[0].is_header { found.rows.remove(0).cells } else { Vec::new() };
    let mut lines = found.captions;
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(line(&header, columns));
    lines.push(format!("|{}", " --- |".repeat(columns)));
    lines.extend(found.rows.iter().map(|row| line(&row.cells, columns)));
    block(&lines.join("\n"))
}

/// Returns a row as a line.
fn line(cells: &[String], columns: usize) -> String {
    let mut line = String::from("|");
    for place in 0..columns {
        let cell = cells.get(place).map_or("", String::as_str);
        line.push_str(if cell.is_empty() { "  |" } else { " " });
        line.push_str(cell);
        line.push_str(if cell.is_empty() { "" } else { " |" });
    }
    line
}

/// What is in a table.
#[derive(Default)]
struct Table {
    captions: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    is_header: bool,
    cells: Vec<String>,
}

impl Table {
    /// Collects the rows below a node, in whichever part of the table they stand.
    fn collect(&mut self, handlers: &dyn Handlers, node: &Rc<Node>, is_head: bool) {
        for child in node.children.borrow().iter() {
            match name(child) {
                Some("caption") => self.captions.extend(content(handlers, child)),
                Some("thead") => self.collect(handlers, child, true),
                Some("tbody" | "tfoot") => self.collect(handlers, child, false),
                Some("tr") => {
                    let cells = child.children.borrow();
                    let cells = cells.iter().filter(|cell| matches!(name(cell), Some("td" | "th")));
                    let is_header = is_head || cells.clone().all(|cell| name(cell) == Some("th"));
                    let cells = cells.map(|cell| content(handlers, cell).unwrap_or_default()).collect();
                    self.rows.push(Row { is_header, cells });
                }
                _ => {}
            }
        }
    }
}

/// Returns what is in a cell or a caption in one line; what was several keeps its line ends.
fn content(handlers: &dyn Handlers, node: &Rc<Node>) -> Option<String> {
    let content = handlers.walk_children(node).content;
    let lines: Vec<&str> = content.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
    (!lines.is_empty()).then(|| lines.join("<br>"))
}

/// Returns preformatted text as a block of code; in a cell, where none can be, as code in a line.
fn preformatted(_: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    let mut text = String::new();
    raw_text(element.node, &mut text);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let fence = "`".repeat(longest_run(text) + 1);
    if is_in(element.node, &["td", "th", "a", "h1", "h2", "h3", "h4", "h5", "h6"]) {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        return block(&lines.map(|line| format!("{fence} {line} {fence}")).collect::<Vec<_>>().join("\n"));
    }
    let fence = format!("{fence:`<3}");
    let language = language(element.node).unwrap_or_default();
    block(&format!("{fence}{language}\n{text}\n{fence}"))
}

/// Adds the text of preformatted elements as it is, with a line end for each `<br>` and around each block.
fn raw_text(node: &Node, text: &mut String) {
    if let NodeData::Text { contents } = &node.data {
        text.push_str(&contents.borrow());
    }
    let is_block = name(node).is_some_and(|name| matches!(name, "div" | "p" | "li"));
    if is_block && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for child in node.children.borrow().iter() {
        raw_text(child, text);
    }
    if name(node) == Some("br") || is_block && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// Returns the language that a block of code or the code in it is marked with.
fn language(node: &Node) -> Option<String> {
    let own = || match &node.data {
        NodeData::Element { attrs, .. } => {
            let attributes = attrs.borrow();
            let class = attributes.iter().find(|attribute| &*attribute.name.local == "class")?;
            class.value.split_ascii_whitespace().find_map(|class| class.strip_prefix("language-")).map(str::to_owned)
        }
        _ => None,
    };
    let inside =
        || node.children.borrow().iter().filter(|child| name(child) == Some("code")).find_map(|code| language(code));
    own().or_else(inside).filter(|language| !language.contains('`'))
}

/// Returns a break; a line of Markdown that is a cell or a heading cannot go on in the next one.
fn line_break(_: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    if is_in(element.node, &["code"]) {
        return Some(" ".into());
    }
    let is_one_line = is_in(element.node, &["td", "th", "h1", "h2", "h3", "h4", "h5", "h6"]);
    Some(if is_one_line { "<br>" } else { "\\\n" }.into())
}

/// Returns text that is struck out; over several paragraphs Markdown has no form for it.
fn struck(handlers: &dyn Handlers, element: Element<'_>) -> Option<HandlerResult> {
    let content = handlers.walk_children(element.node).content;
    let inside = content.trim();
    if inside.is_empty() || inside.contains("\n\n") || is_in(element.node, &["del", "s", "strike", "code", "pre"]) {
        return Some(content.into());
    }
    let (before, rest) = content.split_at(content.len() - content.trim_start().len());
    let after = &rest[inside.len()..];
    Some(format!("{before}~~{inside}~~{after}").into())
}

fn block(content: &str) -> Option<HandlerResult> {
    Some(format!("\n\n{content}\n\n").into())
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// Says whether a node lies in any of these elements.
fn is_in(node: &Rc<Node>, elements: &[&str]) -> bool {
    let mut above = parent(node);
    while let Some(node) = above {
        if name(&node).is_some_and(|name| elements.contains(&name)) {
            return true;
        }
        above = parent(&node);
    }
    false
}

fn parent(node: &Node) -> Option<Rc<Node>> {
    // The cell has to be emptied to be looked into.
    let parent = node.parent.take();
    let found = parent.as_ref().and_then(std::rc::Weak::upgrade);
    node.parent.set(parent);
    found
}

fn name(node: &Node) -> Option<&str> {
    match &node.data {
        NodeData::Element { name, .. } => Some(&name.local),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_sorted() {
        assert!(BLOCKS.is_sorted());
    }
}
