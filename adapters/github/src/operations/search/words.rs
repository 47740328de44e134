//! A query in GitHub's search syntax: a person's words, and the qualifiers that stand for criteria.

use usher_adapter_sdk::{
    Error, Result,
    message::{Criteria, Criterion, ME, NOBODY, Query, QueryLanguage, TimeRange},
    model::Time,
};

use crate::{
    GitHub,
    operations::{lookup, push},
};

/// The words of a query, and the criteria that they stand for.
pub(super) struct Words {
    pub text: Vec<String>,
    pub pushed_down: Vec<Criterion>,
}

impl Words {
    pub(super) fn of(github: &GitHub, query: &Query) -> Result<Self> {
        let mut words = Self { text: Vec::new(), pushed_down: Vec::new() };
        let is_native = query.language == QueryLanguage::Native;
        match &query.language {
            QueryLanguage::Native => words.text.push(query.text.clone()),
            QueryLanguage::Text => words.text.extend(query.text.split_whitespace().filter_map(literal)),
            other => return Err(Error::unsupported(format_args!("the query language `{other}`"))),
        }
        words.criteria(github, &query.criteria, is_native)?;
        if !is_native {
            let kind = if push::wants_pull_requests(&query.criteria) { "is:pr" } else { "is:issue" };
            words.text.push(kind.to_owned());
        }
        Ok(words)
    }

    fn criteria(&mut self, github: &GitHub, criteria: &Criteria, is_native: bool) -> Result<()> {
        let repositories = lookup::repositories(github, criteria)?;
        if repositories.is_empty() && !is_native {
            return Err(lookup::no_repository());
        }
        // A query of the user's own may hold an `OR`, which would bind weaker: then these only narrow.
        let exact = |criterion: Criterion| (!is_native).then_some(criterion);
        self.text.extend(repositories.iter().map(|repository| format!("repo:{repository}")));
        self.pushed_down.extend((!criteria.project.is_empty()).then(|| exact(Criterion::Project)).flatten());
        if let Some(is_open) = criteria.is_open {
            self.say(if is_open { "is:open" } else { "is:closed" }.to_owned(), exact(Criterion::IsOpen));
        }
        for (field, names, criterion) in
            [("assignee", &criteria.assignee, Criterion::Assignee), ("author", &criteria.reporter, Criterion::Reporter)]
        {
            if let Some(word) = person(field, names) {
                self.say(word, exact(criterion));
            }
        }
        for label in &criteria.labels {
            self.say(format!("label:{}", quoted(label)), exact(Criterion::Labels));
        }
        if let Some(text) = &criteria.text {
            self.text.extend(text.split_whitespace().filter_map(literal));
            self.pushed_down.extend(exact(Criterion::Text));
        }
        // The index counts in seconds: these narrow, and the host makes them exact.
        self.text.extend(range("created", &criteria.created));
        self.text.extend(range("updated", &criteria.updated));
        Ok(())
    }

    fn say(&mut self, word: String, criterion: Option<Criterion>) {
        self.text.push(word);
        self.pushed_down.extend(criterion.filter(|criterion| !self.pushed_down.contains(criterion)));
    }
}

fn person(field: &str, names: &[String]) -> Option<String> {
    let [name] = names else { return None };
    match name.as_str() {
        NOBODY if field == "assignee" => Some("no:assignee".to_owned()),
        NOBODY => None,
        ME => Some(format!("{field}:@me")),
        name => lookup::is_login(name).then(|| format!("{field}:{name}")),
    }
}

fn range(field: &str, range: &TimeRange) -> Option<String> {
    let seconds = |time: Time, up: i64| Time::from_unix_seconds(time.unix_seconds() + up);
    let from = range.from.and_then(|from| seconds(from, 0));
    let to = range.to.and_then(|to| seconds(to, 1));
    match (from, to) {
        (Some(from), Some(to)) => Some(format!("{field}:{from}..{to}")),
        (Some(from), None) => Some(format!("{field}:>={from}")),
        (None, Some(to)) => Some(format!("{field}:<={to}")),
        (None, None) => None,
    }
}

/// Returns a word of a person's so that GitHub reads nothing else into it: no qualifier, no operator.
fn literal(word: &str) -> Option<String> {
    let bare: String = word.chars().filter(|c| *c != '"').collect();
    if !bare.chars().any(char::is_alphanumeric) {
        return None;
    }
    let is_syntax = bare.contains([':', '(', ')', '@', '\\', '*']) || bare.starts_with(['-', '>', '<']);
    let is_operator = ["AND", "OR", "NOT"].contains(&bare.as_str());
    Some(if is_syntax || is_operator { format!("\"{}\"", bare.replace('\\', "")) } else { bare })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_person_are_never_syntax() {
        for (word, expected) in [
            ("crash", Some("crash")),
            ("is:closed", Some("\"is:closed\"")),
            ("-login", Some("\"-login\"")),
            ("OR", Some("\"OR\"")),
            ("or", Some("or")),
            ("\"quoted", Some("quoted")),
            ("(a", Some("\"(a\"")),
            ("C++", Some("C++")),
            ("straße", Some("straße")),
            ("\"", None),
            ("--", None),
        ] {
            assert_eq!(literal(word).as_deref(), expected, "{word}");
        }
    }
}
