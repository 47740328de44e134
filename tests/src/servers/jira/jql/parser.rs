//! From words to a tree.

use super::lexer::{Token, tokens};

/// A query.
#[derive(Debug, PartialEq)]
pub(in super::super) struct Query {
    /// What is asked; nothing, if there is no restriction at all.
    pub(super) condition: Option<Condition>,
    /// Fields to sort by, and whether downwards.
    pub(super) order: Vec<(String, bool)>,
}

impl Query {
    /// Returns whether there is any restriction.
    pub(in super::super) fn is_bounded(&self) -> bool {
        self.condition.is_some()
    }
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
    let mut parser = Parser { tokens: tokens(text).map_err(|why| format!("Error in the JQL Query: {why}"))?, place: 0 };
    parser.query().map_err(|why| format!("Error in the JQL Query: {why} (word {})", parser.place + 1))
}

struct Parser {
    tokens: Vec<Token>,
    place: usize,
}

impl Parser {
    fn query(&mut self) -> Result<Query, String> {
        let starts = self.peek().is_some() && !self.is_word("order");
        let condition = if starts { Some(self.any_of()?) } else { None };
        let order = if self.takes_word("order") { self.order()? } else { Vec::new() };
        match self.peek() {
            None => Ok(Query { condition, order }),
            Some(token) => Err(format!("Expecting either 'OR' or 'AND' but got '{}'.", shown(token))),
        }
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
        let field = self.name()?;
        let operator = self.operator()?;
        let operands = match operator {
            Operator::In | Operator::NotIn => self.list()?,
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

    fn order(&mut self) -> Result<Vec<(String, bool)>, String> {
        if !self.takes_word("by") {
            return Err("Expecting 'by' after 'order'.".to_owned());
        }
        let mut order = Vec::new();
        loop {
            let field = self.name()?;
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

    fn operator(&mut self) -> Result<Operator, String> {
        if let Some(Token::Sign(sign)) = self.peek() {
            let known = OPERATORS.iter().find(|(known, _)| known == sign).map(|(_, operator)| *operator);
            if let Some(operator) = known {
                self.place += 1;
                return Ok(operator);
            }
        }
        if self.takes_word("in") {
            return Ok(Operator::In);
        }
        if self.takes_word("is") {
            return Ok(if self.takes_word("not") { Operator::IsNot } else { Operator::Is });
        }
        if self.takes_word("not") && self.takes_word("in") {
            return Ok(Operator::NotIn);
        }
        Err(format!("Expecting operator but got '{}'.", self.shown()))
    }

    fn list(&mut self) -> Result<Vec<Operand>, String> {
        self.expect("(")?;
        let mut operands = vec![self.operand()?];
        while self.takes(",") {
            operands.push(self.operand()?);
        }
        self.expect(")")?;
        Ok(operands)
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let token = self.peek().cloned();
        self.place += 1;
        match token {
            Some(Token::Text(text)) => Ok(Operand::Value(text, true)),
            Some(Token::Word(word)) if self.takes("(") => {
                self.expect(")")?;
                Ok(Operand::Function(word))
            }
            Some(Token::Word(word)) if ["empty", "null"].contains(&word.to_lowercase().as_str()) => Ok(Operand::Empty),
            Some(Token::Word(word)) if RESERVED.contains(&word.to_lowercase().as_str()) => Err(format!(
                "'{word}' is a reserved JQL word. You must surround it in quotation marks to use it in a query."
            )),
            Some(Token::Word(word)) => Ok(Operand::Value(word, false)),
            other => {
                self.place -= 1;
                let shown = other.map_or_else(|| "the end".to_owned(), |token| shown(&token));
                Err(format!("Expecting either a value, list or function but got '{shown}'."))
            }
        }
    }

    fn name(&mut self) -> Result<String, String> {
        let name = match self.peek() {
            Some(Token::Word(word)) if !RESERVED.contains(&word.to_lowercase().as_str()) => word.clone(),
            Some(Token::Text(text)) => text.clone(),
            _ => return Err(format!("Expecting a field name but got '{}'.", self.shown())),
        };
        self.place += 1;
        Ok(name)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.place)
    }

    fn shown(&self) -> String {
        self.peek().map_or_else(|| "the end".to_owned(), shown)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(known)) if known.eq_ignore_ascii_case(word))
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let fits = self.is_word(word);
        self.place += usize::from(fits);
        fits
    }

    fn takes(&mut self, sign: &str) -> bool {
        let fits = matches!(self.peek(), Some(Token::Sign(known)) if *known == sign);
        self.place += usize::from(fits);
        fits
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(format!("Expecting '{sign}' but got '{}'.", self.shown())) }
    }
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
