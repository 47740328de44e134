//! From words to a tree.

use super::lexer::{Token, tokens};
use crate::servers::query::{Condition, Grammar, Words};

/// A query.
#[derive(Debug, PartialEq)]
pub(in super::super) struct Query {
    /// What is asked; nothing, if there is no restriction at all.
    pub(super) condition: Option<Condition<Clause>>,
    /// Fields to sort by, and whether downwards.
    pub(super) order: Vec<(String, bool)>,
}

impl Query {
    /// Returns whether there is any restriction.
    pub(in super::super) fn is_bounded(&self) -> bool {
        self.condition.is_some()
    }
}

/// A field and what is asked of it.
#[derive(Debug, PartialEq)]
pub(super) struct Clause {
    pub(super) field: String,
    pub(super) operator: Operator,
    pub(super) operands: Vec<Operand>,
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
    ContainsNot,
    In,
    NotIn,
    Is,
    IsNot,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    /// A text, and whether it stood in quotes.
    Value(String, bool),
    Empty,
    Function(String),
}

/// Operators that are one sign.
const OPERATORS: &[(&str, Operator)] = &[
    ("!=", Operator::NotEqual),
    ("!~", Operator::ContainsNot),
    ("<", Operator::Less),
    ("<=", Operator::LessOrEqual),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    (">=", Operator::GreaterOrEqual),
    ("~", Operator::Contains),
];

/// Words that mean something, so that as a value they need quotes. The list of the real one is much longer.
const RESERVED: &[&str] = &[
    "add", "after", "and", "as", "before", "by", "changed", "commit", "delete", "during", "else", "end", "from",
    "goto", "if", "in", "is", "like", "new", "not", "on", "or", "order", "return", "select", "set", "then", "to",
    "union", "update", "was", "when", "where", "while", "with",
];

/// Reads a query, or says what is wrong with it in Jira's manner.
pub(in super::super) fn parse(text: &str) -> Result<Query, String> {
    let words = tokens(text).map_err(|why| format!("Error in the JQL Query: {why}"))?;
    let mut parser = Parser(Words::new(words));
    parser.query().map_err(|why| format!("Error in the JQL Query: {why} (word {})", parser.0.place() + 1))
}

struct Parser(Words<Token>);

impl Grammar for Parser {
    type Token = Token;
    type Clause = Clause;

    fn words(&mut self) -> &mut Words<Token> {
        &mut self.0
    }

    fn clause(&mut self) -> Result<Condition<Clause>, String> {
        let field = self.field()?;
        let operator = self.operator()?;
        let operands = match operator {
            Operator::In | Operator::NotIn => self.list(Self::operand)?,
            _ => vec![self.operand()?],
        };
        let empty = operands.contains(&Operand::Empty);
        match operator {
            Operator::Is | Operator::IsNot if !empty => {
                Err("The operator 'is' must be followed by 'empty'.".to_owned())
            }
            _ => Ok(Condition::Clause(Clause { field, operator, operands })),
        }
    }

    fn field(&mut self) -> Result<String, String> {
        let name = self.0.take(|token| match token {
            Token::Word(word) if !RESERVED.contains(&word.to_lowercase().as_str()) => Some(word.clone()),
            Token::Text(text) => Some(text.clone()),
            _ => None,
        });
        name.ok_or_else(|| format!("Expecting a field name but got '{}'.", self.shown()))
    }

    fn missing(&mut self, expected: &str) -> String {
        format!("Expecting '{expected}' but got '{}'.", self.shown())
    }
}

impl Parser {
    fn query(&mut self) -> Result<Query, String> {
        let starts = self.0.peek().is_some() && !self.0.is_word("order");
        let condition = if starts { Some(self.any_of()?) } else { None };
        let order = match self.0.takes_word("order") {
            true if !self.0.takes_word("by") => return Err("Expecting 'by' after 'order'.".to_owned()),
            true => self.order()?,
            false => Vec::new(),
        };
        match self.0.peek() {
            None => Ok(Query { condition, order }),
            Some(token) => Err(format!("Expecting either 'OR' or 'AND' but got '{}'.", shown(token))),
        }
    }

    fn operator(&mut self) -> Result<Operator, String> {
        let sign = |token: &Token| match token {
            Token::Sign(sign) => OPERATORS.iter().find(|(known, _)| known == sign),
            _ => None,
        };
        if let Some((_, operator)) = self.0.take(sign) {
            return Ok(*operator);
        }
        if self.0.takes_word("in") {
            return Ok(Operator::In);
        }
        if self.0.takes_word("is") {
            return Ok(if self.0.takes_word("not") { Operator::IsNot } else { Operator::Is });
        }
        if self.0.takes_word("not") && self.0.takes_word("in") {
            return Ok(Operator::NotIn);
        }
        Err(format!("Expecting operator but got '{}'.", self.shown()))
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let wanted = |token: &Token| (!matches!(token, Token::Sign(_))).then(|| token.clone());
        match self.0.take(wanted) {
            Some(Token::Text(text)) => Ok(Operand::Value(text, true)),
            Some(Token::Word(word)) if self.0.takes("(") => {
                self.expect(")")?;
                Ok(Operand::Function(word))
            }
            Some(Token::Word(word)) if ["empty", "null"].contains(&word.to_lowercase().as_str()) => Ok(Operand::Empty),
            Some(Token::Word(word)) if RESERVED.contains(&word.to_lowercase().as_str()) => Err(format!(
                "'{word}' is a reserved JQL word. You must surround it in quotation marks to use it in a query."
            )),
            Some(Token::Word(word)) => Ok(Operand::Value(word, false)),
            _ => Err(format!("Expecting either a value, list or function but got '{}'.", self.shown())),
        }
    }

    fn shown(&self) -> String {
        self.0.peek().map_or_else(|| "the end".to_owned(), shown)
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Word(text) | Token::Text(text) => text.clone(),
        Token::Sign(sign) => (*sign).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_tighter_than_or_and_not_tightest() {
        let query = parse("a = 1 or not b = 2 AND c in (x, \"y z\") order by created DESC, key").expect("a query");
        let clause = |field: &str, operator, operands: &[(&str, bool)]| {
            let operands = operands.iter().map(|(text, quoted)| Operand::Value((*text).to_owned(), *quoted)).collect();
            Condition::Clause(Clause { field: field.to_owned(), operator, operands })
        };
        let expected = Condition::Or(vec![
            clause("a", Operator::Equal, &[("1", false)]),
            Condition::And(vec![
                Condition::Not(Box::new(clause("b", Operator::Equal, &[("2", false)]))),
                clause("c", Operator::In, &[("x", false), ("y z", true)]),
            ]),
        ]);
        assert_eq!(query.condition, Some(expected));
        assert_eq!(query.order, [("created".to_owned(), true), ("key".to_owned(), false)]);
    }

    #[test]
    fn quotes_hold_what_a_backslash_protects() {
        let query = parse(r#"summary ~ "a \"b\" \\ c""#).expect("a query");
        let Some(Condition::Clause(clause)) = query.condition else { panic!("one clause") };
        assert_eq!(clause.operands, [Operand::Value(r#"a "b" \ c"#.to_owned(), true)]);
    }

    #[test]
    fn what_is_no_query_is_refused() {
        let wrong = [
            "a =",
            "= 1",
            "a 1",
            "a = 1 b = 2",
            "a in x",
            "a in (",
            "(a = 1",
            "a is 3",
            "a = b!",
            "a = \"x",
            "a = \"\\x\"",
            "a = order",
            "order created",
            "a = @me",
            "a = 1 order by",
            "a = 1 and",
        ];
        for query in wrong {
            assert!(parse(query).is_err(), "{query}");
        }
    }
}
