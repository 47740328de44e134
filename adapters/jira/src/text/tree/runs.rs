//! The normal form of runs, and blocks brought into a line.

use std::borrow::Cow;

use super::{Block, Inline, Item, List, Mark, Marks, Row, Run, Style};

/// Marks that Markdown writes with signs, which must stand at a letter and not at a space.
pub(super) const TIGHT: [Mark; 3] = [Mark::Strong, Mark::Emphasis, Mark::Strike];

/// Returns runs in their normal form; see the module `text`.
pub(crate) fn settled(content: Vec<Inline<'_>>) -> Vec<Inline<'_>> {
    trimmed(merged(tightened(merged(lines(content)))))
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

/// Returns a code block's language as it can stand in a line.
pub(crate) fn language(name: &str) -> String {
    name.replace(char::is_control, " ").trim().to_owned()
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
            let style = Style { marks: Marks::default().with(Mark::Code), link: None };
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
pub(crate) fn row_as_line(row: Row<'_>) -> Vec<Inline<'_>> {
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

/// Gives spaces between words the tight marks that the words on both sides have, and no others.
fn tightened(content: Vec<Inline<'_>>) -> Vec<Inline<'_>> {
    let mut tight: Vec<Inline<'_>> = Vec::with_capacity(content.len());
    let mut before = Marks::default();
    // Where the spaces begin that wait for the next word.
    let mut waiting = 0;
    for inline in content {
        let Inline::Text(run) = inline else {
            retain(&mut tight[waiting..], Marks::default());
            before = Marks::default();
            tight.push(inline);
            waiting = tight.len();
            continue;
        };
        let marks = run.style.marks;
        let [lead, word, trail] = words(run);
        tight.extend(lead.map(Inline::Text));
        let Some(word) = word else { continue };
        retain(&mut tight[waiting..], before.and(marks));
        before = marks;
        tight.push(Inline::Text(word));
        waiting = tight.len();
        tight.extend(trail.map(Inline::Text));
    }
    retain(&mut tight[waiting..], Marks::default());
    tight
}

/// Splits a run into the spaces at its start, what stands between, and the spaces at its end.
fn words(run: Run<'_>) -> [Option<Run<'_>>; 3] {
    let lead = run.text.len() - run.text.trim_start().len();
    let end = run.text.trim_end().len();
    if run.style.marks.has(Mark::Code) || (lead == 0 && end == run.text.len()) {
        return [None, Some(run), None];
    }
    if lead > end {
        return [Some(run), None, None];
    }
    let piece = |text: &str| (!text.is_empty()).then(|| Run { text: text.to_owned().into(), style: run.style.clone() });
    [piece(&run.text[..lead]), piece(&run.text[lead..end]), piece(&run.text[end..])]
}

fn retain(spaces: &mut [Inline<'_>], marks: Marks) {
    for space in spaces {
        let Inline::Text(run) = space else { continue };
        for mark in TIGHT {
            let style = &mut run.style.marks;
            *style = if marks.has(mark) { style.with(mark) } else { style.without(mark) };
        }
    }
}

/// Drops spaces at the ends of lines, and breaks before the first line and behind the last.
fn trimmed(content: Vec<Inline<'_>>) -> Vec<Inline<'_>> {
    let mut kept: Vec<Inline<'_>> = Vec::with_capacity(content.len());
    for inline in content {
        if matches!(inline, Inline::Break) {
            trim_end(&mut kept);
            if kept.is_empty() {
                continue;
            }
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
