//! Markdown as HTML. What the author typed stays readable: their own HTML becomes text.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

/// What is lost with HTML that becomes text.
const HTML: &str = "HTML";

/// A text in HTML, and what of the Markdown it has no exact form for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The text.
    pub html: String,
    /// The kinds of what became something else.
    pub lost: Vec<&'static str>,
}

/// Returns Markdown as HTML, with tables and strike-through as GitHub reads them.
///
/// HTML in it becomes text, but for `<br>`: an element that the platform does not know, such as the `<String>` of `List<String>`,
/// would be taken away without a word. The boxes of tasks become signs: a box that can be ticked is a form's, which the next
/// reading of the text would lose.
pub fn from_markdown(markdown: &str) -> Written {
    let extensions = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::default();
    for event in Parser::new_ext(markdown, extensions) {
        writer.event(event);
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, writer.events.into_iter());
    html.truncate(html.trim_end().len());
    // A line break says it already. Neither this nor a head can be the author's own, whose HTML is escaped.
    Written { html: without_empty_heads(&html.replace("<br />\n", "<br>")), lost: writer.lost }
}

/// Returns HTML whose tables have no head where it says nothing: Markdown has no table without one.
fn without_empty_heads(html: &str) -> String {
    let mut parts = html.split("<thead>");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (head, body) = part.split_once("</thead>").unwrap_or((part, ""));
        let is_empty = head.split('<').all(|tag| tag.split_once('>').is_none_or(|(_, text)| text.trim().is_empty()));
        let holds_image = head.contains("<img");
        if is_empty && !holds_image {
            kept.push_str(body);
        } else {
            kept.push_str("<thead>");
            kept.push_str(part);
        }
    }
    kept
}

/// Collects what is written.
#[derive(Default)]
struct Writer<'a> {
    events: Vec<Event<'a>>,
    /// The block of HTML that is being read, which comes in pieces.
    block: Option<String>,
    lost: Vec<&'static str>,
}

impl<'a> Writer<'a> {
    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.block = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                let block = self.block.take().unwrap_or_default();
                self.html_block(&block);
            }
            Event::Html(text) | Event::Text(text) if self.block.is_some() => {
                self.block.get_or_insert_default().push_str(&text);
            }
            Event::InlineHtml(tag) if break_at(&tag) == Some(tag.len()) => self.events.push(Event::HardBreak),
            Event::InlineHtml(tag) => {
                self.lose(HTML);
                self.events.push(Event::Text(tag));
            }
            Event::TaskListMarker(is_done) => {
                self.lose("task list");
                self.events.push(Event::Text(if is_done { "☑ " } else { "☐ " }.into()));
            }
            other => self.events.push(other),
        }
    }

    /// Writes a block of HTML as the paragraphs that it looks like, with its line ends.
    fn html_block(&mut self, block: &str) {
        let mut lines = block.lines().peekable();
        while lines.peek().is_some() {
            let paragraph: Vec<&str> = lines.by_ref().take_while(|line| !line.trim().is_empty()).collect();
            let pieces = paragraph.into_iter().flat_map(pieces);
            let pieces: Vec<&str> = pieces.filter(|piece| !piece.trim().is_empty()).collect();
            if pieces.is_empty() {
                continue;
            }
            self.lose(HTML);
            self.events.push(Event::Start(Tag::Paragraph));
            for (place, piece) in pieces.into_iter().enumerate() {
                if place > 0 {
                    self.events.push(Event::HardBreak);
                }
                self.events.push(Event::Text(CowStr::from(piece.trim().to_owned())));
            }
            self.events.push(Event::End(TagEnd::Paragraph));
        }
    }

    fn lose(&mut self, what: &'static str) {
        if !self.lost.contains(&what) {
            self.lost.push(what);
        }
    }
}

/// Returns what stands between the `<br>` of a line.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices('<') {
        if let Some(length) = break_at(&line[at..]) {
            pieces.push(&line[from..at]);
            from = at + length;
        }
    }
    pieces.push(&line[from..]);
    pieces
}

/// Returns how long the `<br>` is that a text begins with, in whichever spelling.
fn break_at(text: &str) -> Option<usize> {
    let rest = text.get(..3).filter(|name| name.eq_ignore_ascii_case("<br")).map(|name| &text[name.len()..])?;
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('/').map_or(rest, str::trim_start).strip_prefix('>')?;
    Some(text.len() - rest.len())
}
