//! What the query languages of platforms have in common: conditions that are joined, lists, and an order.
//!
//! The words of a language are its own (`lexer`), and so are its clauses and what it says of a mistake (`parser`).

/// What must hold.
#[derive(Debug, PartialEq)]
pub(super) enum Condition<C> {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Clause(C),
}

impl<C> Condition<C> {
    /// Returns whether it holds, as `clause` says of each part that decides.
    pub(super) fn holds<E>(&self, clause: &impl Fn(&C) -> Result<bool, E>) -> Result<bool, E> {
        match self {
            Self::And(parts) => all(parts, true, clause),
            Self::Or(parts) => all(parts, false, clause).map(|none| !none),
            Self::Not(part) => part.holds(clause).map(|holds| !holds),
            Self::Clause(own) => clause(own),
        }
    }

    /// Asks for every clause, also for those that will not decide.
    pub(super) fn check<E>(&self, clause: &impl Fn(&C) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().try_for_each(|part| part.check(clause)),
            Self::Not(part) => part.check(clause),
            Self::Clause(own) => clause(own),
        }
    }
}

/// Returns whether every part comes out so.
fn all<C, E>(parts: &[Condition<C>], wanted: bool, clause: &impl Fn(&C) -> Result<bool, E>) -> Result<bool, E> {
    for part in parts {
        if part.holds(clause)? != wanted {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A word of a language.
pub(super) trait Token {
    /// Returns the word, if it is one without quotes.
    fn word(&self) -> Option<&str>;

    /// Returns the sign, if it is one.
    fn sign(&self) -> Option<&'static str>;
}

/// The words of a query, read from the front.
#[derive(Debug)]
pub(super) struct Words<T> {
    tokens: Vec<T>,
    place: usize,
}

impl<T: Token + Clone> Words<T> {
    pub(super) fn new(tokens: Vec<T>) -> Self {
        Self { tokens, place: 0 }
    }

    /// Returns how many words were read.
    pub(super) fn place(&self) -> usize {
        self.place
    }

    /// Returns the next word, and leaves it there.
    pub(super) fn peek(&self) -> Option<&T> {
        self.tokens.get(self.place)
    }

    /// Reads what the next word stands for, if it stands for something.
    pub(super) fn take<V>(&mut self, read: impl FnOnce(&T) -> Option<V>) -> Option<V> {
        let value = self.peek().and_then(read);
        self.place += usize::from(value.is_some());
        value
    }

    /// Returns whether that word comes next, in any case.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.peek().and_then(T::word).is_some_and(|known| known.eq_ignore_ascii_case(word))
    }

    /// Reads that word, if it comes next.
    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        self.take(|token| token.word().filter(|known| known.eq_ignore_ascii_case(word)).map(drop)).is_some()
    }

    /// Reads that sign, if it comes next.
    pub(super) fn takes(&mut self, sign: &str) -> bool {
        self.take(|token| token.sign().filter(|known| *known == sign)).is_some()
    }
}

/// A language, in which `not` binds tightest and `or` least.
pub(super) trait Grammar {
    type Token: Token + Clone;
    type Clause;

    fn words(&mut self) -> &mut Words<Self::Token>;

    /// Reads a field and what is asked of it.
    fn clause(&mut self) -> Result<Condition<Self::Clause>, String>;

    /// Reads the name of a field.
    fn field(&mut self) -> Result<String, String>;

    /// Returns what is said where something else stands.
    fn missing(&mut self, expected: &str) -> String;

    /// Reads conditions that are joined.
    fn any_of(&mut self) -> Result<Condition<Self::Clause>, String> {
        let mut parts = vec![self.all_of()?];
        while self.words().takes_word("or") {
            parts.push(self.all_of()?);
        }
        Ok(single(parts, Condition::Or))
    }

    fn all_of(&mut self) -> Result<Condition<Self::Clause>, String> {
        let mut parts = vec![self.part()?];
        while self.words().takes_word("and") {
            parts.push(self.part()?);
        }
        Ok(single(parts, Condition::And))
    }

    fn part(&mut self) -> Result<Condition<Self::Clause>, String> {
        if self.words().takes_word("not") {
            return Ok(Condition::Not(Box::new(self.part()?)));
        }
        if self.words().takes("(") {
            let inner = self.any_of()?;
            self.expect(")")?;
            return Ok(inner);
        }
        self.clause()
    }

    /// Reads values in parentheses.
    fn list<V>(&mut self, value: fn(&mut Self) -> Result<V, String>) -> Result<Vec<V>, String>
    where
        Self: Sized,
    {
        self.expect("(")?;
        let mut values = vec![value(self)?];
        while self.words().takes(",") {
            values.push(value(self)?);
        }
        self.expect(")")?;
        Ok(values)
    }

    /// Reads the fields to sort by, and whether downwards.
    fn order(&mut self) -> Result<Vec<(String, bool)>, String> {
        let mut order = Vec::new();
        loop {
            let field = self.field()?;
            let descending = self.words().takes_word("desc");
            if !descending {
                self.words().takes_word("asc");
            }
            order.push((field, descending));
            if !self.words().takes(",") {
                return Ok(order);
            }
        }
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.words().takes(sign) { Ok(()) } else { Err(self.missing(sign)) }
    }
}

fn single<C>(mut parts: Vec<Condition<C>>, many: fn(Vec<Condition<C>>) -> Condition<C>) -> Condition<C> {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            many(parts)
        }
    }
}
