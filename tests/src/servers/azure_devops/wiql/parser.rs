//! From words to a tree.

use super::{
    lexer::{Token, tokens},
    refusal,
};
use crate::servers::{
    azure_devops::reply::Refusal,
    query::{Condition, Grammar, Words},
};

/// A query.
#[derive(Debug, PartialEq)]
pub(in super::super) struct Query {
    /// The fields that are selected.
    pub(in super::super) columns: Vec<String>,
    pub(super) condition: Option<Condition<Clause>>,
    /// Fields to sort by, and whether downwards.
    pub(super) order: Vec<(String, bool)>,
    /// Whether it is one for links, and which.
    pub(in super::super) links: Option<Mode>,
}

/// What a source must have to be found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Mode {
    /// A link that fits.
    Must,
    /// Nothing more.
    May,
    /// No link that fits.
    MustNot,
}

/// Modes of queries for links, as they are written.
const MODES: &[(&str, Mode)] =
    &[("doesnotcontain", Mode::MustNot), ("maycontain", Mode::May), ("mustcontain", Mode::Must)];

/// Whose field it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Of {
    /// The work item's, or the link's own.
    Item,
    Source,
    Target,
}

/// A field and what is asked of it.
#[derive(Debug, PartialEq)]
pub(super) struct Clause {
    pub(super) of: Of,
    pub(super) field: String,
    pub(super) operator: Operator,
    pub(super) values: Vec<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    ContainsWords,
    In,
    IsEmpty,
    Under,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A text or a number.
    Literal(String),
    Me,
    Project,
    /// Days from today.
    Today(i64),
}

/// Operators that are one sign.
const SIGNS: &[(&str, Operator)] = &[
    ("<", Operator::Less),
    ("<=", Operator::LessOrEqual),
    ("<>", Operator::NotEqual),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    (">=", Operator::GreaterOrEqual),
];

/// Reads a query, or says what is wrong with it.
pub(in super::super) fn parse(text: &str) -> Result<Query, Refusal> {
    let mut parser = Parser(Words::new(tokens(text).map_err(refusal)?));
    let query = parser.query().map_err(refusal)?;
    match parser.0.peek() {
        None => Ok(query),
        Some(token) => Err(refusal(format!("{token:?} stands where the query should end"))),
    }
}

struct Parser(Words<Token>);

impl Grammar for Parser {
    type Token = Token;
    type Clause = Clause;

    fn words(&mut self) -> &mut Words<Token> {
        &mut self.0
    }

    fn clause(&mut self) -> Result<Condition<Clause>, String> {
        let (of, field) = self.field_of()?;
        if self.0.takes_word("is") {
            let negated = self.0.takes_word("not");
            self.expect_word("empty")?;
            return Ok(clause(of, field, Operator::IsEmpty, Vec::new(), negated));
        }
        let negated = self.0.takes_word("not");
        let operator = self.operator(negated)?;
        let values = if operator == Operator::In { self.list(Self::value)? } else { vec![self.value()?] };
        Ok(clause(of, field, operator, values, negated))
    }

    fn field(&mut self) -> Result<String, String> {
        let name = self.0.take(|token| match token {
            Token::Field(name) => Some(name.clone()),
            // A name without spaces needs no brackets.
            Token::Word(word) if word.contains('.') => Some(word.clone()),
            _ => None,
        });
        name.ok_or_else(|| format!("{:?} is no field", self.0.peek()))
    }

    fn missing(&mut self, expected: &str) -> String {
        format!("{:?} stands where {expected} should", self.0.peek())
    }
}

impl Parser {
    fn query(&mut self) -> Result<Query, String> {
        self.expect_word("select")?;
        let mut columns = vec![self.field()?];
        while self.0.takes(",") {
            columns.push(self.field()?);
        }
        self.expect_word("from")?;
        let is_for_links = self.0.takes_word("workitemlinks");
        if !is_for_links {
            self.expect_word("workitems")?;
        }
        let condition = if self.0.takes_word("where") { Some(self.any_of()?) } else { None };
        let order = if self.0.takes_word("order") {
            self.expect_word("by")?;
            self.order()?
        } else {
            Vec::new()
        };
        let links = if is_for_links { Some(self.mode()?) } else { None };
        Ok(Query { columns, condition, order, links })
    }

    /// Reads a field, and whose it is: `[Source].[System.State]`.
    fn field_of(&mut self) -> Result<(Of, String), String> {
        let name = self.field()?;
        if !self.0.takes(".") {
            return Ok((Of::Item, name));
        }
        match name.to_lowercase().as_str() {
            "source" => Ok((Of::Source, self.field()?)),
            "target" => Ok((Of::Target, self.field()?)),
            _ => Err(format!("[{name}] is neither the source nor the target")),
        }
    }

    /// Reads the mode of a query for links.
    fn mode(&mut self) -> Result<Mode, String> {
        if !self.0.takes_word("mode") {
            return Ok(Mode::Must);
        }
        self.expect("(")?;
        let known = |token: &Token| match token {
            Token::Word(word) => MODES.iter().find(|(mode, _)| word.eq_ignore_ascii_case(mode)).map(|(_, mode)| *mode),
            _ => None,
        };
        let mode = self.0.take(known).ok_or_else(|| self.missing("a mode"))?;
        self.expect(")")?;
        Ok(mode)
    }

    fn operator(&mut self, negated: bool) -> Result<Operator, String> {
        let sign = |token: &Token| match token {
            Token::Sign(sign) if !negated => SIGNS.iter().find(|(known, _)| known == sign),
            _ => None,
        };
        if let Some((_, operator)) = self.0.take(sign) {
            return Ok(*operator);
        }
        if self.0.takes_word("contains") {
            return Ok(if self.0.takes_word("words") { Operator::ContainsWords } else { Operator::Contains });
        }
        if self.0.takes_word("in") {
            return Ok(Operator::In);
        }
        if self.0.takes_word("under") {
            return Ok(Operator::Under);
        }
        Err(format!("{:?} is no operator", self.0.peek()))
    }

    fn value(&mut self) -> Result<Value, String> {
        let negative = self.0.takes("-");
        match self.0.take(|token| Some(token.clone())) {
            Some(Token::Text(text)) if !negative => Ok(Value::Literal(text)),
            Some(Token::Word(word)) if word.parse::<f64>().is_ok() => {
                Ok(Value::Literal(if negative { format!("-{word}") } else { word }))
            }
            Some(Token::Word(word)) if ["true", "false"].contains(&word.to_lowercase().as_str()) => {
                Ok(Value::Literal(word.to_lowercase()))
            }
            Some(Token::Macro(name)) if name == "me" => Ok(Value::Me),
            Some(Token::Macro(name)) if name == "project" => Ok(Value::Project),
            Some(Token::Macro(name)) if name == "today" => Ok(Value::Today(self.days()?)),
            other => Err(format!("{other:?} is no value")),
        }
    }

    fn days(&mut self) -> Result<i64, String> {
        let sign = if self.0.takes("-") {
            -1
        } else if self.0.takes("+") {
            1
        } else {
            return Ok(0);
        };
        let days: Option<i64> = self.0.take(|token| match token {
            Token::Word(word) => word.parse().ok(),
            _ => None,
        });
        days.map(|days| sign * days).ok_or_else(|| format!("{:?} is no number of days", self.0.peek()))
    }

    fn expect_word(&mut self, word: &str) -> Result<(), String> {
        if self.0.takes_word(word) { Ok(()) } else { Err(self.missing(word)) }
    }
}

fn clause(of: Of, field: String, operator: Operator, values: Vec<Value>, negated: bool) -> Condition<Clause> {
    let clause = Condition::Clause(Clause { of, field, operator, values });
    if negated { Condition::Not(Box::new(clause)) } else { clause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quote_stands_twice_within_a_text() {
        let query = parse("SELECT [System.Id] FROM workitems WHERE [System.Title] = 'it''s' ORDER BY [System.Id] DESC");
        let query = query.expect("a query");
        let values = vec![Value::Literal("it's".to_owned())];
        let clause = Clause { of: Of::Item, field: "System.Title".to_owned(), operator: Operator::Equal, values };
        assert_eq!(query.condition, Some(Condition::Clause(clause)));
        assert_eq!(query.order, [("System.Id".to_owned(), true)]);
    }

    #[test]
    fn what_is_no_query_is_refused() {
        let wrong = [
            "",
            "SELECT [System.Id]",
            "SELECT [System.Id] FROM WorkItemLinks MODE (Recursive)",
            "SELECT [System.Id] FROM WorkItemLinks WHERE [Middle].[System.Id] = 1",
            "SELECT [System.Id] FROM WorkItems MODE (MayContain)",
            "SELECT [System.Id] FROM WorkItems WHERE",
            "SELECT [System.Id] FROM WorkItems WHERE [System.Title] = 'x",
            "SELECT [System.Id] FROM WorkItems WHERE [System.Title] = x",
            "SELECT [System.Id] FROM WorkItems WHERE [System.Title] LIKE 'x'",
            "SELECT [System.Id] FROM WorkItems WHERE [System.Title] NOT = 'x'",
            "SELECT [System.Id] FROM WorkItems WHERE [System.Id] IN (1, )",
            "SELECT [System.Id] FROM WorkItems WHERE [System.Id] = 1 [System.Id] = 2",
            "SELECT [System.Id] FROM WorkItems ORDER [System.Id]",
        ];
        for query in wrong {
            assert!(parse(query).is_err(), "{query}");
        }
    }
}
