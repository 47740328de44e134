//! `${NAME}` and `${NAME:-default}` in strings; `$${` writes a `${` that stays. Done on the parsed tree, so that the value of a
//! variable can never become syntax.

use super::error::Problem;
use super::located::{Node, Value};
use super::paths::Environment;

/// One piece of a string.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Text as it stands, escapes removed.
    Literal(&'a str),
    /// A variable, and what stands in for it when it is unset or empty.
    Variable { name: &'a str, default: Option<&'a str> },
}

/// Splits a string into text and variables.
pub(super) fn parts(text: &str) -> Result<Vec<Part<'_>>, Problem> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        if rest[..start].ends_with('$') {
            parts.push(Part::Literal(&rest[..start - 1]));
            parts.push(Part::Literal("${"));
            rest = &rest[start + 2..];
            continue;
        }
        parts.push(Part::Literal(&rest[..start]));
        let inside = &rest[start + 2..];
        let Some(end) = inside.find('}') else {
            return Err(
                Problem::new("`${` is never closed").hint("close it with `}`, or write `$${` for the two characters")
            );
        };
        parts.push(variable(&inside[..end])?);
        rest = &inside[end + 1..];
    }
    parts.push(Part::Literal(rest));
    parts.retain(|part| *part != Part::Literal(""));
    Ok(parts)
}

fn variable(inside: &str) -> Result<Part<'_>, Problem> {
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    if default.is_some_and(|default| default.contains("${")) {
        return Err(Problem::new(format!("`${{{name}:-…}}` holds another `${{`")).hint("a default is plain text"));
    }
    let mut letters = name.chars();
    let starts_well = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if !starts_well || !letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        // The text is not repeated: it may be a password that happens to contain `${`.
        return Err(Problem::new("`${…}` does not hold the name of a variable")
            .hint("write `${NAME}` or `${NAME:-default}`, or `$${` for the two characters"));
    }
    Ok(Part::Variable { name, default })
}

/// Returns the value of one variable, or its default.
pub(super) fn value(name: &str, default: Option<&str>, environment: &dyn Environment) -> Result<String, Problem> {
    let found = environment.variable(name).map(std::ffi::OsString::into_string).transpose();
    let found = found.map_err(|_| Problem::new(format!("`${{{name}}}` is not UTF-8 text")))?;
    match (found, default) {
        (Some(value), None) => Ok(value),
        (Some(value), Some(_)) if !value.is_empty() => Ok(value),
        (_, Some(default)) => Ok(default.to_owned()),
        (None, None) => Err(Problem::new(format!("`${{{name}}}` is not set"))),
    }
}

/// Returns a string with its variables replaced.
pub(super) fn expand(text: &str, environment: &dyn Environment) -> Result<String, Problem> {
    let mut expanded = String::with_capacity(text.len());
    for part in parts(text)? {
        match part {
            Part::Literal(text) => expanded.push_str(text),
            Part::Variable { name, default } => {
                let value = value(name, default, environment).map_err(|problem| or_default_hint(problem, name))?;
                expanded.push_str(&value);
            }
        }
    }
    Ok(expanded)
}

fn or_default_hint(problem: Problem, name: &str) -> Problem {
    problem.hint(format!("export it, or write `${{{name}:-default}}`"))
}

/// Replaces the variables in every string of a tree. Stops at the first that fails.
pub(super) fn expand_tree(node: &mut Node, environment: &dyn Environment) -> Result<(), Problem> {
    let offset = node.offset;
    match &mut node.value {
        Value::Text(text) => *text = expand(text, environment).map_err(|problem| problem.at(offset))?,
        Value::List(items) => items.iter_mut().try_for_each(|item| expand_tree(item, environment))?,
        Value::Table(entries) => {
            for entry in entries {
                expand_tree(&mut entry.node, environment).map_err(|problem| problem.under(&entry.key.value))?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::paths::PinnedEnvironment;
    use super::*;

    fn environment() -> PinnedEnvironment {
        PinnedEnvironment::new("/home/ada").with("TOKEN", "t0k").with("EMPTY", "")
    }

    #[test]
    fn variables_defaults_and_escapes_are_replaced() {
        const CASES: &[(&str, &str)] = &[
            ("plain $5 text", "plain $5 text"),
            ("${TOKEN}", "t0k"),
            ("a-${TOKEN}-b${TOKEN}", "a-t0k-bt0k"),
            ("${ABSENT:-fallback}", "fallback"),
            ("${EMPTY:-fallback}", "fallback"),
            ("${EMPTY}", ""),
            ("${ABSENT:-}", ""),
            ("${TOKEN:-fallback}", "t0k"),
            ("$${TOKEN}", "${TOKEN}"),
            ("$$5", "$$5"),
        ];
        for (written, expected) in CASES {
            assert_eq!(expand(written, &environment()).as_deref(), Ok(*expected), "{written}");
        }
    }

    #[test]
    fn an_unset_variable_says_what_to_do() {
        let problem = expand("${GITHUB_TOKEN}", &environment()).unwrap_err();
        assert_eq!(problem.message, "`${GITHUB_TOKEN}` is not set");
        assert_eq!(problem.hint.as_deref(), Some("export it, or write `${GITHUB_TOKEN:-default}`"));
    }

    #[test]
    fn what_is_not_a_variable_is_refused_without_repeating_it() {
        for written in ["${", "${not a name}", "${}", "${1A}", "${A:-${B}}"] {
            let problem = expand(written, &environment()).unwrap_err();
            assert!(problem.hint.is_some(), "{written}");
            assert!(!problem.message.contains("not a name"), "{problem}");
        }
    }
}
