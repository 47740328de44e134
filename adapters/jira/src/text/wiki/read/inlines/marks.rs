//! Signs around text, matched.

use crate::text::tree::{Inline, Mark, Marks, Run, Style};

/// A part of a line before its signs are matched.
pub(super) enum Token {
    Text(String),
    /// A sign that may open or close, the text it is if it does neither, and which it may.
    Sign {
        mark: Mark,
        text: String,
        opens: bool,
        closes: bool,
    },
    Whole(Inline<'static>),
}

/// Matches signs, each closing one with the last open one of its kind; those between them are text.
pub(super) fn marked(tokens: Vec<Token>) -> Vec<Inline<'static>> {
    let matched = matched(&tokens);
    let mut line = Vec::with_capacity(tokens.len());
    let mut marks = Marks::default();
    for (token, matched) in tokens.into_iter().zip(matched) {
        match (token, matched) {
            (Token::Sign { mark, .. }, true) => {
                marks = if marks.has(mark) { marks.without(mark) } else { marks.with(mark) }
            }
            (Token::Sign { text, .. }, false) | (Token::Text(text), _) => {
                line.push(Inline::Text(Run { text: text.into(), style: Style { marks, link: None } }));
            }
            (Token::Whole(Inline::Text(mut run)), _) => {
                for mark in Mark::ALL.into_iter().filter(|mark| marks.has(*mark)) {
                    run.style.marks = run.style.marks.with(mark);
                }
                line.push(Inline::Text(run));
            }
            (Token::Whole(inline), _) => line.push(inline),
        }
    }
    line
}

fn matched(tokens: &[Token]) -> Vec<bool> {
    let mut matched = vec![false; tokens.len()];
    let mut open: Vec<(usize, Mark)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign { mark, opens, closes, .. } => {
                let partner = open.iter().rposition(|(_, known)| known == mark).filter(|_| *closes);
                if let Some(partner) = partner {
                    matched[open[partner].0] = true;
                    matched[at] = true;
                    open.truncate(partner);
                } else if *opens && open.iter().all(|(_, known)| known != mark) {
                    open.push((at, *mark));
                }
            }
            // No sign reaches over the end of a line.
            Token::Whole(Inline::Break) => open.clear(),
            _ => {}
        }
    }
    matched
}
