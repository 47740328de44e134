//! Runs that nest: where each mark and link begins and ends, for languages that write signs around text.
//!
//! Whatever goes on longest is outermost. Where two overlap, the inner one ends and begins again.

use super::{Inline, Link, Mark, Run, Style, runs::TIGHT};

/// One step along a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step<'c> {
    Open(What<'c>),
    Close(What<'c>),
    Text(&'c str),
    Code(&'c str),
    /// Anything but text; nothing is open around it.
    Other(&'c Inline<'c>),
}

/// What is around text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum What<'c> {
    Mark(Mark),
    Link(&'c Link<'c>),
}

impl What<'_> {
    /// Says whether its signs must not stand beside a space, inside.
    fn is_tight(self) -> bool {
        matches!(self, Self::Mark(mark) if TIGHT.contains(&mark))
    }
}

/// Returns the steps along a line in its normal form.
pub(crate) fn spans<'c>(content: &'c [Inline<'c>]) -> Vec<Step<'c>> {
    let mut spans = Spans { steps: Vec::with_capacity(content.len()), open: Vec::new() };
    for (inline, extent) in content.iter().zip(extents(content)) {
        match inline {
            Inline::Text(run) => spans.run(run, extent),
            other => {
                spans.close_to(0);
                spans.steps.push(Step::Other(other));
            }
        }
    }
    spans.close_to(0);
    spans.steps
}

struct Spans<'c> {
    steps: Vec<Step<'c>>,
    open: Vec<What<'c>>,
}

impl<'c> Spans<'c> {
    fn run(&mut self, run: &'c Run<'c>, extent: Extent) {
        let goes_on = |what: &What<'_>| match what {
            What::Mark(mark) => run.style.marks.has(*mark),
            What::Link(link) => run.style.link.as_ref() == Some(link),
        };
        self.close_to(self.open.iter().take_while(|what| goes_on(what)).count());
        let is_code = run.style.marks.has(Mark::Code);
        let mut text = &*run.text;
        for what in self.missing(run, extent) {
            if what.is_tight() && !is_code {
                let word = text.trim_start();
                self.text(&text[..text.len() - word.len()]);
                text = word;
            }
            self.steps.push(Step::Open(what));
            self.open.push(what);
        }
        if is_code { self.steps.push(Step::Code(text)) } else { self.text(text) }
    }

    /// Returns what has to be opened for a run, the longest first; a space at its start stays in its link.
    fn missing(&self, run: &'c Run<'c>, extent: Extent) -> Vec<What<'c>> {
        let Style { marks, link } = &run.style;
        let link = link.iter().map(|link| (extent.link, What::Link(link)));
        let marks = Mark::ALL.into_iter().filter(|mark| *mark != Mark::Code && marks.has(*mark));
        let marks = marks.map(|mark| (extent.marks[mark as usize], What::Mark(mark)));
        let mut missing: Vec<_> = link.chain(marks).filter(|(_, what)| !self.open.contains(what)).collect();
        let starts_with_space = run.text.starts_with(char::is_whitespace);
        missing.sort_by_key(|(extent, what)| (starts_with_space && what.is_tight(), std::cmp::Reverse(*extent)));
        missing.into_iter().map(|(_, what)| what).collect()
    }

    fn close_to(&mut self, kept: usize) {
        let mut space = "";
        while self.open.len() > kept {
            let Some(what) = self.open.pop() else { return };
            if !what.is_tight() {
                self.text(std::mem::take(&mut space));
            } else if let Some(Step::Text(text)) = self.steps.last_mut() {
                let word = text.trim_end();
                space = &text[word.len()..];
                *text = word;
                if word.is_empty() {
                    self.steps.pop();
                }
            }
            if self.steps.last() == Some(&Step::Open(what)) {
                self.steps.pop();
            } else {
                self.steps.push(Step::Close(what));
            }
        }
        self.text(space);
    }

    fn text(&mut self, text: &'c str) {
        if !text.is_empty() {
            self.steps.push(Step::Text(text));
        }
    }
}

/// How many runs in a row go on with each mark, and with the link.
#[derive(Clone, Copy, Default)]
struct Extent {
    marks: [usize; Mark::ALL.len()],
    link: usize,
}

/// Counts from the end, so that each run is looked at once.
fn extents(content: &[Inline<'_>]) -> Vec<Extent> {
    let mut extents = vec![Extent::default(); content.len()];
    let mut next: Option<(&Run<'_>, Extent)> = None;
    for (inline, extent) in content.iter().zip(&mut extents).rev() {
        let Inline::Text(run) = inline else {
            next = None;
            continue;
        };
        for mark in Mark::ALL.into_iter().filter(|mark| run.style.marks.has(*mark)) {
            extent.marks[mark as usize] = 1 + next.map_or(0, |(_, next)| next.marks[mark as usize]);
        }
        if run.style.link.is_some() {
            let next = next.filter(|(next, _)| next.style.link == run.style.link);
            extent.link = 1 + next.map_or(0, |(_, next)| next.link);
        }
        next = Some((run, *extent));
    }
    extents
}
