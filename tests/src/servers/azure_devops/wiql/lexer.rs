//! A query as words.

use crate::servers::query;

/// A word of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word or a number.
    Word(String),
    /// A text, without its quotes.
    Text(String),
    /// A field, without its brackets.
    Field(String),
    /// `@me` and the like, without the sign.
    Macro(String),
    /// `(`, `)`, `,`, the point between names, or an operator.
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
const SIGNS: &[&str] = &["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "+", "-"];

/// Splits a query into words, or says where it cannot.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, String> {
    let mut rest = query;
    let mut tokens = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (token, left) = match first {
            '\'' | '"' => text(rest, first).ok_or_else(|| format!("the text {rest} does not end"))?,
            '[' => {
                let (name, left) = rest[1..].split_once(']').ok_or_else(|| format!("the field {rest} does not end"))?;
                (Token::Field(name.trim().to_owned()), left)
            }
            '@' => {
                let (word, left) = word(&rest[1..]);
                (Token::Macro(word.to_lowercase()), left)
            }
            first if first.is_alphanumeric() => {
                let (word, left) = word(rest);
                (Token::Word(word.to_owned()), left)
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| format!("`{first}` means nothing"))?;
                (Token::Sign(sign), &rest[sign.len()..])
            }
        };
        tokens.push(token);
        rest = left;
    }
}

/// Reads a text, in which a quote stands twice.
fn text(text: &str, quote: char) -> Option<(Token, &str)> {
    let mut value = String::new();
    let mut rest = &text[1..];
    loop {
        let (part, left) = rest.split_once(quote)?;
        value.push_str(part);
        match left.strip_prefix(quote) {
            Some(left) => {
                value.push(quote);
                rest = left;
            }
            None => return Some((Token::Text(value), left)),
        }
    }
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && !"._".contains(letter)).unwrap_or(text.len());
    text.split_at(end)
}
