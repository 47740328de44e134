//! A line of a tree as nodes of a document.

use std::borrow::Cow;

use crate::text::{
    adf::document::{Mark, Node},
    links::{self, Media},
    tree::{self, Image, Inline, Link, Run, Style, is_blank, settled},
};

/// Writes a paragraph; pictures in it are blocks of their own, between what stands before and after them.
pub(super) fn paragraphs<'a>(content: Vec<Inline<'a>>, into: &mut Vec<Node<'a>>) {
    let mut text = Vec::new();
    for inline in content {
        match inline {
            Inline::Image(image) => {
                paragraph(std::mem::take(&mut text), into);
                into.push(picture(image));
            }
            other => text.push(other),
        }
    }
    paragraph(text, into);
}

fn paragraph<'a>(content: Vec<Inline<'a>>, into: &mut Vec<Node<'a>>) {
    let content = settled(content);
    if !is_blank(&content) {
        into.push(Node::new("paragraph", line(content)));
    }
}

/// Returns the nodes of a line; pictures, for which it has no place, are links.
pub(super) fn line(content: Vec<Inline<'_>>) -> Vec<Node<'_>> {
    let content = settled(content.into_iter().map(without_picture).map(code_alone).collect());
    content.into_iter().map(node).collect()
}

/// Code may be a link, and nothing else.
fn code_alone(inline: Inline<'_>) -> Inline<'_> {
    let code = tree::Marks::default().with(tree::Mark::Code);
    match inline {
        Inline::Text(run) if run.style.marks.has(tree::Mark::Code) => {
            Inline::Text(Run { style: Style { marks: code, ..run.style }, ..run })
        }
        other => other,
    }
}

fn without_picture(inline: Inline<'_>) -> Inline<'_> {
    let Image { name, target, link } = match inline {
        Inline::Image(image) => image,
        // A document knows files by their ids, not by their names.
        Inline::File { name, target } if Media::of_link(&target).is_none() => Image { name, target, link: None },
        other => return other,
    };
    let text = if name.is_empty() { target.clone() } else { name };
    if Media::of_link(&target).is_some() {
        return Inline::File { name: text, target };
    }
    let target = link.unwrap_or(target);
    if let Some(id) = links::mentioned(&target) {
        return Inline::Mention { id: id.into(), text };
    }
    if Media::of_link(&target).is_some() {
        return Inline::File { name: text, target };
    }
    let link = Some(Link { target, title: "".into() });
    Inline::Text(Run { text, style: Style { link, ..Style::default() } })
}

fn node(inline: Inline<'_>) -> Node<'_> {
    match inline {
        Inline::Text(run) => Node::text(run.text, marks(run.style)),
        Inline::Break => Node::leaf("hardBreak"),
        Inline::Card(url) => Node::leaf("inlineCard").with("url", url),
        Inline::Mention { id, text } => {
            let node = Node::leaf("mention").with("id", id);
            if text.is_empty() { node } else { node.with("text", text) }
        }
        Inline::File { name, target } => file(name, &target),
        Inline::Image(image) => picture(image),
    }
}

fn marks(style: Style<'_>) -> Vec<Mark<'_>> {
    let mut marks = Vec::new();
    if let Some(Link { target, title }) = style.link {
        let mark = Mark::new("link").with("href", target);
        marks.push(if title.is_empty() { mark } else { mark.with("title", title) });
    }
    let of_tree = tree::Mark::ALL.into_iter().filter(|mark| style.marks.has(*mark));
    let both = style.marks.has(tree::Mark::Subscript) && style.marks.has(tree::Mark::Superscript);
    marks.extend(of_tree.filter(|mark| !(both && *mark == tree::Mark::Superscript)).map(mark));
    marks
}

fn mark<'a>(mark: tree::Mark) -> Mark<'a> {
    match mark {
        tree::Mark::Strong => Mark::new("strong"),
        tree::Mark::Emphasis => Mark::new("em"),
        tree::Mark::Strike => Mark::new("strike"),
        tree::Mark::Underline => Mark::new("underline"),
        tree::Mark::Subscript => Mark::new("subsup").with("type", "sub"),
        tree::Mark::Superscript => Mark::new("subsup").with("type", "sup"),
        tree::Mark::Code => Mark::new("code"),
    }
}

fn picture(image: Image<'_>) -> Node<'_> {
    let media = Media::of_link(&image.target);
    let file = match &media {
        Some(media) => {
            let kind = media.get("type").filter(|kind| *kind == "link").map_or("file", |_| "link");
            of_file(Node::leaf("media").with("type", kind).with("id", media.id.clone()), media)
        }
        None => Node::leaf("media").with("type", "external").with("url", image.target),
    };
    let file = if image.name.is_empty() { file } else { file.with("alt", image.name) };
    let file = match image.link {
        Some(target) => file.with_mark(Mark::new("link").with("href", target)),
        None => file,
    };
    of_block(Node::new("mediaSingle", vec![file]), &media.unwrap_or_default())
}

fn file<'a>(name: Cow<'a, str>, target: &str) -> Node<'a> {
    let media = Media::of_link(target).unwrap_or_default();
    let kind = media.get("type").and_then(|kind| known(kind, &["file", "image", "link"]));
    let node = Node::leaf("mediaInline").with("id", media.id.clone());
    let node = of_file(if let Some(kind) = kind { node.with("type", kind) } else { node }, &media);
    if name.is_empty() { node } else { node.with("alt", name) }
}

fn of_file<'a>(node: Node<'a>, media: &Media) -> Node<'a> {
    let node = node.with("collection", media.get("collection").unwrap_or_default().to_owned());
    let node = number(node, "height", media.get("height"));
    number(node, "width", media.get("width"))
}

/// Says how a picture is shown; a width in pixels must say so, and one in percent may not be more than all.
fn of_block<'a>(node: Node<'a>, media: &Media) -> Node<'a> {
    let layout = media.get("layout").and_then(|layout| known(layout, LAYOUTS)).unwrap_or("center");
    let node = node.with("layout", layout);
    let width = media.get("blockWidth").filter(|width| width.parse().is_ok_and(|width: f64| width >= 0.0));
    let fits = width.is_some_and(|width| width.parse().is_ok_and(|width: f64| width <= 100.0));
    match (media.get("widthType"), width) {
        (Some("pixel"), Some(_)) => number(node, "width", width).with("widthType", "pixel"),
        (Some("percentage"), Some(_)) if fits => number(node, "width", width).with("widthType", "percentage"),
        (Some("percentage"), None) => node.with("widthType", "percentage"),
        (None, Some(_)) if fits => number(node, "width", width),
        _ => node,
    }
}

/// Where a picture may stand.
const LAYOUTS: &[&str] = &["align-end", "align-start", "center", "full-width", "wide", "wrap-left", "wrap-right"];

fn known(word: &str, words: &[&'static str]) -> Option<&'static str> {
    words.iter().copied().find(|known| *known == word)
}

fn number<'a>(node: Node<'a>, name: &'static str, text: Option<&str>) -> Node<'a> {
    match text.and_then(|text| serde_json::from_str::<serde_json::Number>(text).ok()) {
        Some(number) => node.with(name, number),
        None => node,
    }
}
