//! What stands in a line of Markdown.

use std::{borrow::Cow, collections::BTreeSet};

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use crate::text::{
    links::{self, Media},
    tree::{Image, Inline, Link, Mark, Run, Style, plain},
};

/// How many tags are looked at for their ends at a time: more than there are kinds, and few enough to go through.
const MAX_TAGS: usize = 8;

/// What is lost with a tag that means nothing here.
const HTML: &str = "HTML";

/// Tags that mean a mark.
const TAGS: &[(&str, Mark)] =
    &[("ins", Mark::Underline), ("sub", Mark::Subscript), ("sup", Mark::Superscript), ("u", Mark::Underline)];

/// Collects the inlines of one line.
#[derive(Default)]
pub(super) struct Inlines<'a> {
    done: Vec<Inline<'a>>,
    style: Style<'a>,
    /// What opened, with the style outside of it.
    open: Vec<(Opened<'a>, Style<'a>)>,
    /// Tags that may be closed: what they mean, and where they stand as text.
    tags: Vec<(&'static str, Mark, usize, usize)>,
    /// The kinds of what stands in lines only as text, or not at all.
    pub lost: BTreeSet<&'static str>,
}

enum Opened<'a> {
    Mark,
    Link { from: usize, kind: LinkType, target: Cow<'a, str> },
    Image { from: usize, target: Cow<'a, str> },
}

impl<'a> Inlines<'a> {
    /// Returns what was collected, and begins anew.
    pub(super) fn take(&mut self) -> Vec<Inline<'a>> {
        // What was not closed stays the text that it is.
        if self.tags.drain(..).next().is_some() {
            self.lost.insert(HTML);
        }
        std::mem::take(&mut self.done)
    }

    pub(super) fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Text(text) => self.text(text, None),
            Event::Html(text) => {
                self.lost.insert(HTML);
                self.text(text, None);
            }
            Event::Code(text) => self.text(text, Some(Mark::Code)),
            Event::InlineHtml(tag) => self.tag(tag),
            // A line of a paragraph goes on after a space.
            Event::SoftBreak => self.text(CowStr::Borrowed(" "), None),
            Event::HardBreak => self.done.push(Inline::Break),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(text, None)
            }
            Event::Start(_) | Event::End(_) | Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    pub(super) fn start(&mut self, tag: Tag<'a>) {
        let outside = self.style.clone();
        let from = self.done.len();
        let opened = match tag {
            Tag::Link { link_type, dest_url, title, .. } => {
                let target = target(dest_url);
                self.style.link =
                    Some(Link { target: target.clone(), title: cow(title.replace('\0', "\u{fffd}").into()) });
                Opened::Link { from, kind: link_type, target }
            }
            Tag::Image { dest_url, title, .. } => {
                if !title.is_empty() {
                    self.lost.insert("title of an image");
                }
                Opened::Image { from, target: target(dest_url) }
            }
            other => {
                if let Some(mark) = mark(&other) {
                    self.style.marks = self.style.marks.with(mark);
                }
                Opened::Mark
            }
        };
        self.open.push((opened, outside));
    }

    pub(super) fn end(&mut self, _: TagEnd) {
        let Some((opened, outside)) = self.open.pop() else { return };
        self.style = outside;
        match opened {
            Opened::Mark => {}
            Opened::Link { from, kind, target } => self.end_link(from, kind, target),
            Opened::Image { from, target } => {
                let name = self.name(from);
                let link = self.style.link.as_ref().map(|link| link.target.clone());
                self.done.push(Inline::Image(Image { name, target, link }));
            }
        }
    }

    fn end_link(&mut self, from: usize, kind: LinkType, target: Cow<'a, str>) {
        if let Some(id) = links::mentioned(&target) {
            let text = self.name(from);
            self.done.push(Inline::Mention { id: id.into(), text });
        } else if (Media::of_link(&target).is_some() || links::attached(&target).is_some()) && !self.has_image(from) {
            let name = self.name(from);
            self.done.push(Inline::File { name, target });
        } else if kind == LinkType::Autolink && links::is_autolink(&target) {
            self.cut(from);
            self.done.push(Inline::Card(target));
        } else if kind == LinkType::Email {
            for inline in &mut self.done[from..] {
                if let Inline::Text(Run { style: Style { link: Some(link), .. }, .. }) = inline {
                    link.target = format!("mailto:{}", link.target).into();
                }
            }
        } else if self.done.len() == from {
            // A link that shows nothing would be gone.
            let style =
                Style { link: Some(Link { target: target.clone(), title: Cow::Borrowed("") }), ..self.style.clone() };
            self.done.push(Inline::Text(Run { text: target, style }));
        }
    }

    fn has_image(&self, from: usize) -> bool {
        self.done[from..].iter().any(|inline| matches!(inline, Inline::Image(_)))
    }

    /// Takes off what was collected since, for its text in one line.
    fn name(&mut self, from: usize) -> Cow<'a, str> {
        links::one_line(&plain(&self.cut(from))).into_owned().into()
    }

    /// Takes off what was collected since.
    fn cut(&mut self, from: usize) -> Vec<Inline<'a>> {
        let open = self.tags.len();
        self.tags.retain(|(_, _, at, _)| *at < from);
        if self.tags.len() < open {
            self.lost.insert(HTML);
        }
        self.done.split_off(from)
    }

    fn text(&mut self, text: CowStr<'a>, mark: Option<Mark>) {
        let mut style = self.style.clone();
        if let Some(mark) = mark {
            style.marks = style.marks.with(mark);
        }
        self.done.push(Inline::Text(Run { text: cow(text), style }));
    }

    fn tag(&mut self, tag: CowStr<'a>) {
        let name = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/').trim().to_ascii_lowercase();
        if name == "br" {
            return self.done.push(Inline::Break);
        }
        let depth = self.open.len();
        if let Some(name) = name.strip_prefix('/')
            && let Some(at) = self.tags.iter().rposition(|(open, _, _, level)| *open == name && *level == depth)
        {
            let (_, mark, from, _) = self.tags[at];
            self.tags.truncate(at);
            return self.close_tag(mark, from);
        }
        if let Some((name, mark)) = TAGS.iter().find(|(known, _)| *known == name)
            && self.tags.len() < MAX_TAGS
        {
            self.tags.push((name, *mark, self.done.len(), depth));
        } else {
            self.lost.insert(HTML);
        }
        self.text(tag, None);
    }

    /// Marks what stands after an opening tag, which itself is no text any more.
    fn close_tag(&mut self, mark: Mark, from: usize) {
        let mut inlines = self.done[from..].iter_mut();
        if let Some(Inline::Text(tag)) = inlines.next() {
            tag.text = Cow::Borrowed("");
        }
        for inline in inlines {
            if let Inline::Text(run) = inline {
                run.style.marks = run.style.marks.with(mark);
            }
        }
    }
}

fn mark(tag: &Tag<'_>) -> Option<Mark> {
    match tag {
        Tag::Strong => Some(Mark::Strong),
        Tag::Emphasis => Some(Mark::Emphasis),
        Tag::Strikethrough => Some(Mark::Strike),
        Tag::Subscript => Some(Mark::Subscript),
        Tag::Superscript => Some(Mark::Superscript),
        _ => None,
    }
}

/// Returns a link's target: signs that stand in none, which references can bring in, by their numbers.
fn target(url: CowStr<'_>) -> Cow<'_, str> {
    if !url.contains(['\n', '\r', '\0']) {
        return cow(url);
    }
    Cow::Owned(url.replace('\n', "%0A").replace('\r', "%0D").replace('\0', "%00"))
}

fn cow(text: CowStr<'_>) -> Cow<'_, str> {
    match text {
        CowStr::Borrowed(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.into_string()),
    }
}
