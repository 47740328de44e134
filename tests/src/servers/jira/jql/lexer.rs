//! A query as words.

use crate::servers::query;

/// A word of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word without quotes.
    Word(String),
    /// A text in quotes, without them.
    Text(String),
    /// `(`, `)`, `,` or an operator.
    Sign(&'static str),
}

impl query::Token for Token {
    fn word(&self) -> Option<&str> {
        if let Self::Word(word) = self { Some(word) } else { None }
    }

    fn sign(&self) -> Option<&'static str> {
        if let Self::Sign(sign) = self { Some(sign) } else { None }
    }
}

/// Signs, the longer ones first.
const SIGNS: &[&str] = &["!=", "!~", "<=", ">=", "=", "<", ">", "~", "(", ")", ","];

/// Splits a query into words, or says where it cannot.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, String> {
    let mut rest = query;
    let mut tokens = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (token, left) = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), &rest[sign.len()..])
        } else if first == '"' || first == '\'' {
            quoted(rest, first).ok_or_else(|| format!("The quoted string '{rest}' has not been completed."))?
        } else {
            word(rest)?
        };
        tokens.push(token);
        rest = left;
    }
}

/// Reads a text in quotes, in which a backslash takes the meaning from the next sign.
fn quoted(text: &str, quote: char) -> Option<(Token, &str)> {
    let (mut value, mut escaped) = (String::new(), false);
    for (place, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => {
                value.push(match letter {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '"' | '\'' | '\\' | ' ' => letter,
                    // Jira knows no other escapes.
                    _ => return None,
                });
                escaped = false;
            }
            '\\' => escaped = true,
            letter if letter == quote => return Some((Token::Text(value), &text[place + 1..])),
            letter => value.push(letter),
        }
    }
    None
}

fn word(text: &str) -> Result<(Token, &str), String> {
    let belongs = |letter: char| letter.is_alphanumeric() || "-_.[]".contains(letter);
    let end = text.find(|letter| !belongs(letter)).unwrap_or(text.len());
    if end == 0 {
        let letter = text.chars().next().unwrap_or_default();
        return Err(format!("The character '{letter}' is a reserved JQL character. You must enclose it in a string."));
    }
    Ok((Token::Word(text[..end].to_owned()), &text[end..]))
}
