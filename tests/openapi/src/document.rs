//! The document: which operations there are, and what each of them takes.

use std::{collections::BTreeMap, sync::Arc};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::schema::Schema;

/// An OpenAPI document, ready to be asked.
#[derive(Debug)]
pub struct Document {
    operations: Vec<Operation>,
    /// Whether the case of letters in paths means nothing.
    ignores_case: bool,
    /// How the names of headers begin that are the platform's own.
    own_headers: Option<&'static str>,
}

/// What a document says about one method of one path.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) template: String,
    pub(super) path: Vec<Parameter>,
    pub(super) query: Vec<Parameter>,
    pub(super) headers: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) responses: BTreeMap<u16, Schema>,
}

#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) schema: Schema,
}

#[derive(Debug)]
pub(super) struct Body {
    pub(super) required: bool,
    pub(super) schemas: BTreeMap<String, Schema>,
}

/// The operation that a request means.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched<'a> {
    /// The path as it stands in the document.
    pub template: &'a str,
    /// The values of its parameters, decoded, in their order.
    pub values: Vec<String>,
    pub(super) operation: usize,
}

/// Why a request means no operation.
#[derive(Debug, PartialEq)]
pub(super) enum Mismatch<'a> {
    Path,
    Method { template: &'a str, methods: Vec<&'a str> },
}

impl Document {
    /// Reads a document.
    pub fn parse(text: &str) -> Self {
        Self::of(&serde_json::from_str(text).expect("the document is JSON"))
    }

    /// Takes a document that was read.
    pub fn of(document: &Value) -> Self {
        let components = Arc::new(document["components"].clone());
        let paths = document["paths"].as_object().expect("the document has paths");
        let operations = paths.iter().flat_map(|(template, methods)| {
            let methods = methods.as_object().expect("a path has methods");
            methods
                .iter()
                .map(|(method, operation)| Operation::read(document, &components, template, method, operation))
        });
        Self { operations: operations.collect(), ignores_case: false, own_headers: None }
    }

    /// Returns the document of a server that does not look at the case of letters in paths.
    #[must_use]
    pub fn ignoring_case(self) -> Self {
        Self { ignores_case: true, ..self }
    }

    /// Returns the document of a platform whose own headers begin so, in small letters: they are checked as well.
    #[must_use]
    pub fn with_own_headers(self, prefix: &'static str) -> Self {
        Self { own_headers: Some(prefix), ..self }
    }

    /// Returns the method and the path of every operation.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.operations.iter().map(|operation| (operation.method.as_str(), operation.template.as_str()))
    }

    /// Returns whether the document has a path like this, whatever the method.
    pub fn knows(&self, path: &str) -> bool {
        !matches!(self.find("", path), Err(Mismatch::Path))
    }

    /// Returns the operation for a method and a path.
    pub(super) fn find(&self, method: &str, path: &str) -> Result<Matched<'_>, Mismatch<'_>> {
        let fits = |(number, operation): (usize, &Operation)| {
            Some((number, values(&operation.template, path, self.ignores_case)?))
        };
        let candidates: Vec<_> = self.operations.iter().enumerate().filter_map(fits).collect();
        // Of several the one with the fewest parameters is meant: `/issues/comments` is not the issue `comments`.
        let Some(fewest) = candidates.iter().map(|(_, values)| values.len()).min() else { return Err(Mismatch::Path) };
        let candidates: Vec<_> = candidates.into_iter().filter(|(_, values)| values.len() == fewest).collect();
        let template = self.operations[candidates[0].0].template.as_str();
        let methods = candidates.iter().map(|(number, _)| self.operations[*number].method.as_str()).collect();
        let meant = candidates.into_iter().find(|(number, _)| self.operations[*number].method == method);
        let (operation, values) = meant.ok_or(Mismatch::Method { template, methods })?;
        Ok(Matched { template, values, operation })
    }

    pub(super) fn own_headers(&self) -> Option<&'static str> {
        self.own_headers
    }

    pub(super) fn operation(&self, number: usize) -> &Operation {
        &self.operations[number]
    }
}

impl Operation {
    fn read(document: &Value, components: &Arc<Value>, template: &str, method: &str, operation: &Value) -> Self {
        let parameters = |place: &str| {
            let all = operation["parameters"].as_array().into_iter().flatten();
            let all = all.map(|parameter| resolve(document, parameter));
            all.filter(|parameter| parameter["in"] == place)
                .map(|parameter| Parameter::read(components, parameter))
                .collect()
        };
        let responses = operation["responses"].as_object().into_iter().flatten().filter_map(|(status, response)| {
            let schema = &resolve(document, response)["content"]["application/json"]["schema"];
            Some((status.parse().ok()?, Schema::of_answer(components, schema)))
        });
        Self {
            method: method.to_uppercase(),
            template: template.to_owned(),
            path: parameters("path"),
            query: parameters("query"),
            headers: parameters("header"),
            body: operation.get("requestBody").map(|body| Body::read(components, resolve(document, body))),
            responses: responses.collect(),
        }
    }
}

impl Parameter {
    fn read(components: &Arc<Value>, parameter: &Value) -> Self {
        Self {
            name: parameter["name"].as_str().expect("a parameter has a name").to_owned(),
            required: parameter["required"] == true,
            schema: Schema::of_answer(components, &parameter["schema"]),
        }
    }
}

impl Body {
    fn read(components: &Arc<Value>, body: &Value) -> Self {
        let kinds = body["content"].as_object().expect("a body has content");
        let schemas = kinds.iter().map(|(kind, media)| (kind.clone(), Schema::of_body(components, &media["schema"])));
        Self { required: body["required"] == true, schemas: schemas.collect() }
    }
}

/// Returns what a reference of the document refers to.
fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let Some(reference) = value["$ref"].as_str() else { return value };
    let pointer = reference.strip_prefix('#').expect("references stay in the document");
    document.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

/// Returns the values that a path has for a template's parameters, if it fits.
fn values(template: &str, path: &str, ignores_case: bool) -> Option<Vec<String>> {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    let mut values = Vec::new();
    let same = |wanted: &str, given: &str| wanted == given || ignores_case && wanted.eq_ignore_ascii_case(given);
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(values),
            (Some(wanted), Some(given)) if wanted.contains('{') => {
                let given = percent_decode_str(given).decode_utf8().ok()?;
                values.extend(values_of_segment(wanted, &given)?);
            }
            (Some(wanted), Some(given)) if same(wanted, given) => {}
            _ => return None,
        }
    }
}

/// Returns the values that one segment has for its template's parameters, if it fits: there may be signs before, between and
/// behind them, as in `${type}` and `{id}.{format}`.
fn values_of_segment(mut template: &str, mut given: &str) -> Option<Vec<String>> {
    let mut values = Vec::new();
    while let Some((before, rest)) = template.split_once('{') {
        given = given.strip_prefix(before)?;
        template = rest.split_once('}')?.1;
        let sign = template.split('{').next().unwrap_or_default();
        // The last one: a name may have the sign in it too.
        let end = if sign.is_empty() { given.len() } else { given.rfind(sign)? };
        let (value, rest) = given.split_at(end);
        if value.is_empty() {
            return None;
        }
        values.push(value.to_owned());
        given = rest;
    }
    (template == given).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_may_hold_signs_beside_its_parameters_and_several_of_them() {
        for (template, path, expected) in [
            ("/issues.{format}", "/issues.json", Some(vec!["json"])),
            ("/issues/{id}.{format}", "/issues/5.json", Some(vec!["5", "json"])),
            ("/pages/{name}.{format}", "/pages/v1.2.json", Some(vec!["v1.2", "json"])),
            ("/types/${type}", "/types/$Bug%20fix", Some(vec!["Bug fix"])),
            ("/files/{id}/{name}", "/files/1/a%2Fb.txt", Some(vec!["1", "a/b.txt"])),
            ("/issues/{id}.{format}", "/issues/5", None),
            ("/issues/{id}.{format}", "/issues/.json", None),
            ("/issues/{id}.{format}", "/issues/5.json/notes", None),
            ("/types/${type}", "/types/Bug", None),
        ] {
            let expected = expected.map(|values| values.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(values(template, path, false), expected, "{template} {path}");
        }
        assert!(
            values("/Issues/{id}", "/issues/5", true).is_some() && values("/Issues/{id}", "/issues/5", false).is_none()
        );
    }
}
