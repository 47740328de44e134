//! From words to a tree.

use super::{
    lexer::{Token, tokens},
    refusal,
};
use crate::servers::azure_devops::reply::Refusal;

/// A query.
#[derive(Debug, PartialEq)]
pub(in super::super) struct Query {
    /// The fields that are selected.
    pub(in super::super) columns: Vec<String>,
    pub(super) condition: Option<Condition>,
    /// Fields to sort by, and whether downwards.
    pub(super) order: Vec<(String, bool)>,
}

#[derive(Debug, PartialEq)]
pub(super) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Clause(Clause),
}

/// A field and what is asked of it.
#[derive(Debug, PartialEq)]
pub(super) struct Clause {
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
    let mut parser = Parser { tokens: tokens(text).map_err(refusal)?, place: 0 };
    let query = parser.query().map_err(refusal)?;
    match parser.peek() {
        None => Ok(query),
        Some(token) => Err(refusal(format!("{token:?} stands where the query should end"))),
    }
}

struct Parser {
    tokens: Vec<Token>,
    place: usize,
}

impl Parser {
    fn query(&mut self) -> Result<Query, String> {
        self.expect_word("select")?;
        let mut columns = vec![self.field()?];
        while self.takes(",") {
            columns.push(self.field()?);
        }
        self.expect_word("from")?;
        self.expect_word("workitems")?;
        let condition = if self.takes_word("where") { Some(self.any_of()?) } else { None };
        let order = if self.takes_word("order") { self.order()? } else { Vec::new() };
        Ok(Query { columns, condition, order })
    }

    fn any_of(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.all_of()?];
        while self.takes_word("or") {
            parts.push(self.all_of()?);
        }
        Ok(single(parts, Condition::Or))
    }

    fn all_of(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.part()?];
        while self.takes_word("and") {
            parts.push(self.part()?);
        }
        Ok(single(parts, Condition::And))
    }

    fn part(&mut self) -> Result<Condition, String> {
        if self.takes_word("not") {
            return Ok(Condition::Not(Box::new(self.part()?)));
        }
        if self.takes("(") {
            let inner = self.any_of()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let field = self.field()?;
        if self.takes_word("is") {
            let negated = self.takes_word("not");
            self.expect_word("empty")?;
            return Ok(negation(
                Condition::Clause(Clause { field, operator: Operator::IsEmpty, values: Vec::new() }),
                negated,
            ));
        }
        let negated = self.takes_word("not");
        let operator = self.operator(negated)?;
        let values = if operator == Operator::In { self.list()? } else { vec![self.value()?] };
        Ok(negation(Condition::Clause(Clause { field, operator, values }), negated))
    }

    fn operator(&mut self, negated: bool) -> Result<Operator, String> {
        if let Some(Token::Sign(sign)) = self.peek()
            && let Some((_, operator)) = SIGNS.iter().find(|(known, _)| known == sign)
            && !negated
        {
            self.place += 1;
            return Ok(*operator);
        }
        if self.takes_word("contains") {
            return Ok(if self.takes_word("words") { Operator::ContainsWords } else { Operator::Contains });
        }
        if self.takes_word("in") {
            return Ok(Operator::In);
        }
        if self.takes_word("under") {
            return Ok(Operator::Under);
        }
        Err(format!("{:?} is no operator", self.peek()))
    }

    fn list(&mut self) -> Result<Vec<Value>, String> {
        self.expect("(")?;
        let mut values = vec![self.value()?];
        while self.takes(",") {
            values.push(self.value()?);
        }
        self.expect(")")?;
        Ok(values)
    }

    fn value(&mut self) -> Result<Value, String> {
        let negative = self.takes("-");
        let token = self.peek().cloned();
        self.place += 1;
        match token {
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
        let sign = if self.takes("-") {
            -1
        } else if self.takes("+") {
            1
        } else {
            return Ok(0);
        };
        match self.peek() {
            Some(Token::Word(word)) => {
                let days: i64 = word.parse().map_err(|_| format!("{word} is no number of days"))?;
                self.place += 1;
                Ok(sign * days)
            }
            other => Err(format!("{other:?} is no number of days")),
        }
    }

    fn order(&mut self) -> Result<Vec<(String, bool)>, String> {
        self.expect_word("by")?;
        let mut order = Vec::new();
        loop {
            let field = self.field()?;
            let descending = self.takes_word("desc");
            if !descending {
                self.takes_word("asc");
            }
            order.push((field, descending));
            if !self.takes(",") {
                return Ok(order);
            }
        }
    }

    fn field(&mut self) -> Result<String, String> {
        let name = match self.peek() {
            Some(Token::Field(name)) => name.clone(),
            // A name without spaces needs no brackets.
            Some(Token::Word(word)) if word.contains('.') => word.clone(),
            other => return Err(format!("{other:?} is no field")),
        };
        self.place += 1;
        Ok(name)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.place)
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let fits = matches!(self.peek(), Some(Token::Word(known)) if known.eq_ignore_ascii_case(word));
        self.place += usize::from(fits);
        fits
    }

    fn expect_word(&mut self, word: &str) -> Result<(), String> {
        if self.takes_word(word) { Ok(()) } else { Err(format!("{:?} stands where {word} should", self.peek())) }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let fits = matches!(self.peek(), Some(Token::Sign(known)) if *known == sign);
        self.place += usize::from(fits);
        fits
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(format!("{:?} stands where {sign} should", self.peek())) }
    }
}

fn negation(condition: Condition, negated: bool) -> Condition {
    if negated { Condition::Not(Box::new(condition)) } else { condition }
}

fn single(mut parts: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            many(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quote_stands_twice_within_a_text() {
        let query = parse("SELECT [System.Id] FROM workitems WHERE [System.Title] = 'it''s' ORDER BY [System.Id] DESC");
        let query = query.expect("a query");
        let values = vec![Value::Literal("it's".to_owned())];
        let clause = Clause { field: "System.Title".to_owned(), operator: Operator::Equal, values };
        assert_eq!(query.condition, Some(Condition::Clause(clause)));
        assert_eq!(query.order, [("System.Id".to_owned(), true)]);
    }

    #[test]
    fn what_is_no_query_is_refused() {
        let wrong = [
            "",
            "SELECT [System.Id]",
            "SELECT [System.Id] FROM WorkItemLinks",
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
