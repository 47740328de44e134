//! `--jq`: an expression of the jq language that decides what is printed of JSON. The crate jaq runs it.

use std::fmt;

use jaq_core::{
    Compiler, Ctx, Vars, compile, data,
    load::{self, Arena, File, Loader},
};
use jaq_json::{Val, read};

use super::error::ErrorReport;
use super::out::Stop;

/// The kind of data that the filters run on.
type Data = data::JustLut<Val>;

/// Filters that are not offered: they would print past [`super::Out`], and unsafely for a terminal.
const LEFT_OUT: &[&str] = &["debug", "halt_error", "stderr"];

/// An expression, ready to be run.
pub struct Filter(jaq_core::Filter<Data>);

/// One result of a filter.
pub(super) enum Printed {
    /// A text, which is printed without quotes.
    Text(Vec<u8>),
    /// Any other value, as JSON.
    Json(Vec<u8>),
}

/// Why a filter ended early.
pub(super) enum FilterEnd {
    /// The expression does not fit the data; what it says about that.
    Failed(String),
    /// The output ended.
    Stopped(Stop),
}

impl From<Stop> for FilterEnd {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

impl Filter {
    /// Reads an expression; what is wrong with it is said with its place.
    pub fn parse(expression: &str) -> Result<Self, ErrorReport> {
        let standard = jaq_std::defs().filter(|definition| !LEFT_OUT.contains(&definition.name));
        let loader = Loader::new(jaq_core::defs().chain(standard).chain(jaq_json::defs()));
        let arena = Arena::default();
        let modules = loader
            .load(&arena, File { code: expression, path: () })
            .map_err(|errors| wrong(expression, load_fault(errors)))?;
        let functions = jaq_core::funs::<Data>().chain(jaq_std::funs()).chain(jaq_json::funs());
        let compiled = Compiler::default().with_funs(functions).compile(modules);
        compiled.map(Self).map_err(|errors| wrong(expression, compile_fault(errors)))
    }

    /// Hands over what the expression makes of a JSON document, one result after the other.
    pub(super) fn run(&self, json: &[u8], mut put: impl FnMut(Printed) -> Result<(), Stop>) -> Result<(), FilterEnd> {
        let input = read::parse_single(json).map_err(|error| FilterEnd::Failed(error.to_string()))?;
        let context = Ctx::<Data>::new(&self.0.lut, Vars::new([]));
        for result in self.0.id.run((context, input)) {
            match result {
                Ok(value) => put(printed(&value)?)?,
                Err(end) => return ended(end),
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filter")
    }
}

fn printed(value: &Val) -> Result<Printed, FilterEnd> {
    if let Val::TStr(text) = value {
        return Ok(Printed::Text(text.to_vec()));
    }
    let mut json = Vec::new();
    jaq_json::write::write(&mut json, &jaq_json::write::Pp::default(), 0, value)
        .map_err(|error| FilterEnd::Failed(error.to_string()))?;
    Ok(Printed::Json(json))
}

/// `halt` ends the results; an error says what did not fit.
fn ended(end: jaq_core::Exn<'_, Val>) -> Result<(), FilterEnd> {
    let end = match end.get_err() {
        Ok(error) => return Err(FilterEnd::Failed(error.to_string())),
        Err(end) => end,
    };
    match end.get_halt() {
        Ok(0) => Ok(()),
        Ok(code) => Err(FilterEnd::Failed(format!("it halted with the code {code}"))),
        Err(_) => Err(FilterEnd::Failed("it broke off".to_owned())),
    }
}

/// What is wrong, and the part of the expression where it is; none: it is not in the expression.
type Fault<'s> = (String, Option<&'s str>);

fn load_fault<'s>(errors: load::Errors<&'s str, ()>) -> Fault<'s> {
    let first = errors.into_iter().map(|(_, error)| error).next();
    match first {
        Some(load::Error::Lex(errors)) => {
            first_of(errors, |(expected, found)| (format!("expected a {}", expected.as_str()), found))
        }
        Some(load::Error::Parse(errors)) => first_of(errors, |(expected, found)| {
            let found_words = if found.is_empty() { "the end".to_owned() } else { format!("`{found}`") };
            (format!("expected {}, found {found_words}", expected.as_str()), found)
        }),
        Some(load::Error::Io(errors)) => first_of(errors, |(path, reason)| (reason, path)),
        None => unknown_fault(),
    }
}

fn compile_fault<'s>(errors: compile::Errors<&'s str, ()>) -> Fault<'s> {
    let errors = errors.into_iter().flat_map(|(_, errors)| errors).collect();
    first_of(errors, |(name, undefined)| match undefined {
        compile::Undefined::Filter(0) => (format!("there is no filter `{name}`"), name),
        compile::Undefined::Filter(arity) => (format!("there is no filter `{name}` of {arity} arguments"), name),
        other => (format!("there is no {} `{name}`", other.as_str()), name),
    })
}

fn first_of<'s, E>(errors: Vec<E>, say: impl FnOnce(E) -> (String, &'s str)) -> Fault<'s> {
    errors.into_iter().next().map_or_else(unknown_fault, |error| {
        let (message, part) = say(error);
        (message, Some(part))
    })
}

fn unknown_fault<'s>() -> Fault<'s> {
    ("it cannot be understood".to_owned(), None)
}

/// Returns what is wrong with an expression, its line, and a mark below the place.
fn wrong(expression: &str, (message, part): Fault<'_>) -> ErrorReport {
    let place = part.and_then(|part| place(expression, part));
    let message = match place {
        Some((number, column, line)) => {
            let number = if expression.contains('\n') { format!("line {number}, ") } else { String::new() };
            format!("the expression of `--jq` is wrong at {number}column {column}: {message}\n{line}\n{:>column$}", '^')
        }
        None => format!("the expression of `--jq` is wrong: {message}"),
    };
    ErrorReport::usage(message).with_hint("It is in the language of jq, as in `--jq '.tickets[] | .key'`.")
}

/// Returns line and column, counted from 1, and the text of the line where a part of the expression begins.
fn place<'s>(expression: &'s str, part: &str) -> Option<(usize, usize, &'s str)> {
    let start = (part.as_ptr() as usize).checked_sub(expression.as_ptr() as usize)?;
    let before = expression.get(..start)?;
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count());
    Some((line + 1, column + 1, expression.split('\n').nth(line)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(expression: &str, json: &str) -> Result<Vec<String>, String> {
        let mut results = Vec::new();
        let end = Filter::parse(expression).unwrap().run(json.as_bytes(), |printed| {
            let (Printed::Text(bytes) | Printed::Json(bytes)) = printed;
            results.push(String::from_utf8(bytes).unwrap());
            Ok(())
        });
        match end {
            Ok(()) => Ok(results),
            Err(FilterEnd::Failed(message)) => Err(message),
            Err(FilterEnd::Stopped(stop)) => panic!("{stop}"),
        }
    }

    #[test]
    fn texts_are_raw_and_everything_else_is_json() {
        let json = r#"{"b":"x\ny","a":[1.50,null,{"z":1,"y":"ü"}]}"#;
        assert_eq!(run(".b, .a[0], .a[1], .a[2]", json).unwrap(), ["x\ny", "1.50", "null", r#"{"z":1,"y":"ü"}"#]);
        assert_eq!(run("empty", json).unwrap(), <[&str; 0]>::default());
        assert_eq!(run("keys | join(\"+\")", json).unwrap(), ["a+b"]);
        assert_eq!(run("1, halt, 2", json).unwrap(), ["1"]);
    }

    #[test]
    fn large_numbers_are_not_rounded() {
        assert_eq!(run(".", "[12345678901234567890123,0.10]").unwrap(), ["[12345678901234567890123,0.10]"]);
    }

    #[test]
    fn a_wrong_expression_is_told_with_its_place() {
        for (expression, expected) in [
            (".a[| .b", "wrong at column 8: expected a closing bracket\n.a[| .b\n       ^"),
            (".a |", "wrong at column 5: expected term, found the end\n.a |\n    ^"),
            (".a\n| nosuch", "wrong at line 2, column 3: there is no filter `nosuch`\n| nosuch\n  ^"),
            ("map()", "wrong at column 5: expected term, found `)`\nmap()\n    ^"),
            ("$x", "wrong at column 1: there is no variable `$x`\n$x\n^"),
            ("include \"a\"; 1", "wrong at column 10: module loading not supported\ninclude \"a\"; 1\n         ^"),
            ("\"x\" | stderr", "there is no filter `stderr`"),
        ] {
            let error = Filter::parse(expression).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.message.contains(expected), "{expression}: {}", error.message);
        }
    }

    #[test]
    fn what_does_not_fit_the_data_is_an_error_of_the_run() {
        assert!(run(".a.b", r#"{"a":1}"#).unwrap_err().contains("cannot index"));
        assert!(run("error(\"no\")", "{}").unwrap_err().contains("no"));
    }
}
