//! The normal form of runs, and blocks brought into a line.

use std::borrow::Cow;

use super::{Block, Inline, Item, List, Mark, Run, Style};

/// Marks that Markdown writes with signs, which must stand at a letter and not at a space.
const TIGHT: [Mark; 3] = [Mark::Strong, Mark::Emphasis, Mark::Strike];

/// Returns runs in their normal form; see the module `text`.
pub(crate) fn settled(content: Vec<Inline<'_>>) -> Vec<Inline<'_>> {
    let mut content = merged(lines(content));
    for mark in TIGHT {
        content = tightened(content, mark);
    }
    trimmed(merged(content))
}

/// Says whether there is nothing to see.
pub(crate) fn is_blank(content: &[Inline<'_>]) -> bool {
    content.iter().all(|inline| match inline {
        Inline::Text(run) => run.text.is_empty(),
        Inline::Break => true,
        _ => false,
    })
}

/// Returns the text alone.
pub(crate) fn plain(content: &[Inline<'_>]) -> String {
    let mut text = String::new();
    for inline in content {
        match inline {
            Inline::Text(run) => text.push_str(&run.text),
            Inline::Break => text.push('\n'),
            Inline::Mention { text: name, .. } | Inline::File { name, .. } => text.push_str(name),
            Inline::Card(url) => text.push_str(url),
            Inline::Image(image) => text.push_str(if image.name.is_empty() { &image.target } else { &image.name }),
        }
    }
    text
}

/// Returns blocks as lines of one paragraph, for places that hold no blocks.
pub(crate) fn flat<'a>(blocks: Vec<Block<'a>>) -> Vec<Inline<'a>> {
    let mut lines = Vec::new();
    for block in blocks {
        flatten(block, &mut lines);
    }
    let mut content = Vec::new();
    for line in lines {
        if !content.is_empty() {
            content.push(Inline::Break);
        }
        content.extend(line);
    }
    settled(content)
}

fn flatten<'a>(block: Block<'a>, lines: &mut Vec<Vec<Inline<'a>>>) {
    match block {
        Block::Paragraph(content) => lines.push(content),
        Block::Heading { content, .. } => {
            lines.push(content.into_iter().map(|inline| with_mark(inline, Mark::Strong)).collect())
        }
        Block::Code { text, .. } => lines.extend(text.lines().filter(|line| !line.is_empty()).map(|line| {
            let style = Style { marks: super::Marks::default().with(Mark::Code), link: None };
            vec![Inline::Text(Run { text: Cow::Owned(line.to_owned()), style })]
        })),
        Block::Quote { content, .. } => content.into_iter().for_each(|block| flatten(block, lines)),
        Block::Table(table) => {
            for row in table.header.into_iter().chain(table.rows) {
                lines.push(row_as_line(row));
            }
        }
        Block::Rule => lines.push(vec![Inline::text("---")]),
        Block::List(list) => flatten_list(list, lines),
    }
}

fn flatten_list<'a>(list: List<'a>, lines: &mut Vec<Vec<Inline<'a>>>) {
    for (at, Item { checked, content }) in list.items.into_iter().enumerate() {
        let sign = match (checked, list.start) {
            (Some(true), _) => "☑ ".to_owned(),
            (Some(false), _) => "☐ ".to_owned(),
            (None, Some(start)) => format!("{}. ", start.saturating_add(at as u64)),
            (None, None) => "• ".to_owned(),
        };
        let first = lines.len();
        content.into_iter().for_each(|block| flatten(block, lines));
        match lines.get_mut(first) {
            Some(line) => line.insert(0, Inline::text(sign)),
            None => lines.push(vec![Inline::text(sign)]),
        }
    }
}

/// Returns the cells of a row as one line.
pub(crate) fn row_as_line(row: super::Row<'_>) -> Vec<Inline<'_>> {
    let mut line = Vec::new();
    for (at, cell) in row.into_iter().enumerate() {
        if at > 0 {
            line.push(Inline::text(" | "));
        }
        line.extend(cell);
    }
    line
}

/// Returns an inline that has the mark, where it can have one.
pub(crate) fn with_mark(inline: Inline<'_>, mark: Mark) -> Inline<'_> {
    match inline {
        Inline::Text(run) => {
            let style = Style { marks: run.style.marks.with(mark), ..run.style };
            Inline::Text(Run { style, ..run })
        }
        other => other,
    }
}

/// Splits texts at their line ends; code is one line.
fn lines(content: Vec<Inline<'_>>) -> Vec<Inline<'_>> {
    if content.iter().all(|inline| !matches!(inline, Inline::Text(run) if run.text.contains(['\n', '\r', '\0']))) {
        return content;
    }
    let mut split = Vec::with_capacity(content.len());
    for inline in content {
        let Inline::Text(Run { text, style }) = inline else {
            split.push(inline);
            continue;
        };
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
        if style.marks.has(Mark::Code) {
            split.push(Inline::Text(Run { text: text.replace('\n', " ").into(), style }));
            continue;
        }
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                split.push(Inline::Break);
            }
            split.push(Inline::Text(Run { text: line.to_owned().into(), style: style.clone() }));
        }
    }
    split
}

/// Joins neighbours of one style, and drops what is empty.
fn merged(content: Vec<Inline<'_>>) -> Vec<Inline<'_>> {
    let mut merged: Vec<Inline<'_>> = Vec::with_capacity(content.len());
    for inline in content {
        match (merged.last_mut(), inline) {
            (_, Inline::Text(run)) if run.text.is_empty() => {}
            (Some(Inline::Text(last)), Inline::Text(run)) if last.style == run.style => {
                last.text.to_mut().push_str(&run.text);
            }
            (_, inline) => merged.push(inline),
        }
    }
    merged
}

/// Takes a mark off the spaces at both edges of the stretches that have it.
fn tightened(content: Vec<Inline<'_>>, mark: Mark) -> Vec<Inline<'_>> {
    let marked = |inline: &Inline<'_>| matches!(inline, Inline::Text(run) if run.style.marks.has(mark));
    let mut tight = Vec::with_capacity(content.len());
    let mut content = content.into_iter().peekable();
    while let Some(inline) = content.next() {
        if !marked(&inline) {
            tight.push(inline);
            continue;
        }
        let mut stretch = vec![inline];
        while let Some(next) = content.next_if(marked) {
            stretch.push(next);
        }
        tighten(stretch, mark, &mut tight);
    }
    tight
}

fn tighten<'a>(stretch: Vec<Inline<'a>>, mark: Mark, into: &mut Vec<Inline<'a>>) {
    let runs: Vec<Run<'a>> = stretch
        .into_iter()
        .filter_map(|inline| if let Inline::Text(run) = inline { Some(run) } else { None })
        .collect();
    let solid = |run: &Run<'_>| run.style.marks.has(Mark::Code) || !run.text.trim().is_empty();
    let (first, last) = (runs.iter().position(solid), runs.iter().rposition(solid));
    for (at, run) in runs.into_iter().enumerate() {
        let bare = Style { marks: run.style.marks.without(mark), link: run.style.link.clone() };
        let (Some(first), Some(last)) = (first, last) else {
            into.push(Inline::Text(Run { text: run.text, style: bare }));
            continue;
        };
        if at < first || at > last {
            into.push(Inline::Text(Run { text: run.text, style: bare }));
            continue;
        }
        if run.style.marks.has(Mark::Code) {
            into.push(Inline::Text(run));
            continue;
        }
        let start = if at == first { run.text.len() - run.text.trim_start().len() } else { 0 };
        let end = if at == last { run.text.trim_end().len() } else { run.text.len() };
        if start == 0 && end == run.text.len() {
            into.push(Inline::Text(run));
            continue;
        }
        let pieces = [(&run.text[..start], &bare), (&run.text[start..end], &run.style), (&run.text[end..], &bare)];
        for (text, style) in pieces.into_iter().filter(|(text, _)| !text.is_empty()) {
            into.push(Inline::Text(Run { text: text.to_owned().into(), style: style.clone() }));
        }
    }
}

/// Drops spaces at the ends of lines, and breaks at the end.
fn trimmed(content: Vec<Inline<'_>>) -> Vec<Inline<'_>> {
    let mut kept: Vec<Inline<'_>> = Vec::with_capacity(content.len());
    for inline in content {
        if matches!(inline, Inline::Break) {
            trim_end(&mut kept);
        }
        kept.push(inline);
    }
    loop {
        trim_end(&mut kept);
        if !matches!(kept.last(), Some(Inline::Break)) {
            return kept;
        }
        kept.pop();
    }
}

/// Drops the spaces of plain text at the end; a mark or a link keeps its own.
fn trim_end(content: &mut Vec<Inline<'_>>) {
    let Some(Inline::Text(run)) = content.last_mut() else { return };
    if run.style != Style::default() {
        return;
    }
    let length = run.text.trim_end_matches([' ', '\t']).len();
    if length == 0 {
        content.pop();
    } else if length < run.text.len() {
        run.text.to_mut().truncate(length);
    }
}
