//! Markdown into Textile: a text that would be markup there is written with entities, which Redmine shows as what they are.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream};

/// Returns the Textile of a Markdown, and the kinds of what was lost; sorted.
pub(super) fn textile(markdown: &str) -> (String, Vec<String>) {
    let mut writer = Writer::default();
    let extensions = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(markdown, extensions);
    for event in TextMergeStream::new(events) {
        writer.event(event);
    }
    writer.lossy.sort_unstable();
    writer.lossy.dedup();
    (writer.out.trim_end().to_owned(), writer.lossy.into_iter().map(str::to_owned).collect())
}

#[derive(Default)]
struct Writer {
    out: String,
    lossy: Vec<&'static str>,
    /// The signs of the lists that are open.
    lists: String,
    quotes: usize,
    links: Vec<String>,
    in_code: bool,
    in_head: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_code => self.code(&text, "</pre"),
            Event::Text(text) => self.text(&text),
            Event::Code(code) if code.contains('@') => {
                self.out.push_str("<code>");
                self.code(&code, "</code");
                self.out.push_str("</code>");
            }
            Event::Code(code) => self.out.push_str(&format!("@{code}@")),
            Event::SoftBreak | Event::HardBreak => self.line_break(),
            Event::Rule => self.block("---\n\n"),
            Event::Html(html) | Event::InlineHtml(html) => {
                self.lossy.push("html");
                self.text(&html);
            }
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => self.text(&text),
            Event::TaskListMarker(is_done) => {
                self.lossy.push("task list");
                self.out.push_str(if is_done { "[x] " } else { "[ ] " });
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.only_outside_of_lists("heading in a list");
                self.block(&format!("h{}. ", number(level)));
            }
            Tag::Paragraph if self.lists.is_empty() => self.block(""),
            Tag::Paragraph if !self.is_at_item() => {
                self.only_outside_of_lists("paragraph in a list");
                self.line_break();
            }
            Tag::BlockQuote(_) => {
                self.only_outside_of_lists("quote in a list");
                self.quotes += 1;
            }
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                let language = match &kind {
                    CodeBlockKind::Fenced(words) => words.split_whitespace().next().unwrap_or_default(),
                    CodeBlockKind::Indented => "",
                };
                let is_word = !language.is_empty()
                    && language.bytes().all(|it| it.is_ascii_alphanumeric() || b"+#-_".contains(&it));
                let code = if is_word { format!("<pre><code class=\"{language}\">\n") } else { "<pre>\n".to_owned() };
                if self.lists.is_empty() {
                    self.block("");
                } else {
                    self.out.push('\n');
                }
                self.out.push_str(&code);
                self.links.push(if is_word { "</code></pre>" } else { "</pre>" }.to_owned());
            }
            Tag::List(first) => {
                if first.is_some_and(|first| first != 1) {
                    self.lossy.push("first number of a list");
                }
                self.lists.push(if first.is_some() { '#' } else { '*' });
            }
            Tag::Item => {
                self.end_line();
                self.out.push_str(&format!("{} ", self.lists));
            }
            Tag::Emphasis => self.out.push('_'),
            Tag::Strong => self.out.push('*'),
            Tag::Strikethrough => self.out.push('-'),
            Tag::Link { dest_url, title, .. } => {
                if !title.is_empty() {
                    self.lossy.push("title of a link");
                }
                self.out.push('"');
                self.links.push(dest_url.into_string());
            }
            Tag::Image { dest_url, title, .. } => {
                if !title.is_empty() {
                    self.lossy.push("title of an image");
                }
                self.out.push_str(&format!("!{dest_url}("));
            }
            Tag::TableHead => self.in_head = true,
            Tag::TableRow => self.out.push('|'),
            Tag::TableCell if self.in_head => self.out.push_str(if self.out.ends_with('|') { "_. " } else { "|_. " }),
            Tag::Table(columns) => {
                self.only_outside_of_lists("table in a list");
                if columns.iter().any(|column| *column != Alignment::None) {
                    self.lossy.push("alignment of a table");
                }
                self.block("");
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.out.push_str("\n\n"),
            TagEnd::Paragraph if self.lists.is_empty() => self.out.push_str("\n\n"),
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::CodeBlock => {
                self.in_code = false;
                let close = self.links.pop().unwrap_or_default();
                self.out.push_str(&close);
                self.out.push_str("\n\n");
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.end_line();
                if self.lists.is_empty() {
                    self.out.push('\n');
                }
            }
            TagEnd::Emphasis => self.out.push('_'),
            TagEnd::Strong => self.out.push('*'),
            TagEnd::Strikethrough => self.out.push('-'),
            TagEnd::Link => {
                let target = self.links.pop().unwrap_or_default();
                self.out.push_str(&format!("\":{target}"));
            }
            TagEnd::Image => self.out.push_str(")!"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.out.push_str("|\n");
            }
            TagEnd::TableCell if !self.in_head => self.out.push('|'),
            TagEnd::TableRow | TagEnd::Table => self.out.push('\n'),
            _ => {}
        }
    }

    /// Writes code, which Redmine takes as it is: only what would end it cannot stand in it.
    fn code(&mut self, code: &str, end: &str) {
        if code.contains(end) {
            self.lossy.push("code");
        }
        self.out.push_str(&code.replace(end, &end.replace('<', "&lt;")));
    }

    /// An item of Textile's is one line: of other blocks only the words stay.
    fn only_outside_of_lists(&mut self, kind: &'static str) {
        if !self.lists.is_empty() {
            self.lossy.push(kind);
        }
    }

    /// Says whether nothing of an item was written yet.
    fn is_at_item(&self) -> bool {
        self.out
            .strip_suffix(&format!("{} ", self.lists))
            .is_some_and(|before| before.is_empty() || before.ends_with('\n'))
    }

    /// Begins a block, in as many quotes as are open.
    fn block(&mut self, start: &str) {
        self.out.push_str(&"> ".repeat(self.quotes));
        self.out.push_str(start);
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.out.push_str(&"> ".repeat(self.quotes));
    }

    fn end_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Writes words; a sign that could begin markup is written as an entity.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(sign) = rest.chars().next() {
            rest = &rest[sign.len_utf8()..];
            if self.is_markup(sign, rest) {
                self.out.push_str(&format!("&#{};", u32::from(sign)));
            } else {
                self.out.push(sign);
            }
        }
    }

    fn is_markup(&self, sign: char, behind: &str) -> bool {
        let before = self.out.chars().next_back();
        let at_line = before.is_none_or(|before| before == '\n');
        let touches_word = !behind.starts_with(char::is_whitespace) && !behind.is_empty();
        let begins = before.is_none_or(|before| !before.is_alphanumeric()) && touches_word;
        match sign {
            '*' | '_' | '+' | '^' | '~' | '@' | '%' | '!' => begins || (sign == '*' && at_line),
            '-' => begins && before.is_none_or(char::is_whitespace) && behind.contains('-'),
            '#' | '>' => at_line,
            '?' => behind.starts_with('?') || before == Some('?'),
            '"' => behind.contains("\":"),
            '{' => behind.starts_with('{'),
            '[' => behind.starts_with('['),
            '<' => behind.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!')),
            '|' => true,
            '&' => behind.find(';').is_some_and(|end| end < 10),
            'h' | 'b' | 'p' => at_line && is_block(sign, behind),
            _ => false,
        }
    }
}

/// Says whether words at the beginning of a line would be a heading, a quote or a paragraph with attributes.
fn is_block(sign: char, behind: &str) -> bool {
    match sign {
        'h' => {
            behind.starts_with(|level: char| level.is_ascii_digit())
                && behind.get(1..).is_some_and(|it| it.starts_with(['.', '(', '{']))
        }
        'b' => behind.starts_with("q.") || behind.starts_with("q("),
        _ => behind.starts_with(['.', '(', '{']),
    }
}

fn number(level: HeadingLevel) -> usize {
    level as usize
}
