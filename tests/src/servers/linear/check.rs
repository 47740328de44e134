//! One request against Linear's schema: everything that does not fit, a sentence each.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use apollo_compiler::{
    ExecutableDocument, Schema,
    executable::Operation,
    request::coerce_variable_values,
    response::{JsonMap, JsonValue},
    validation::Valid,
};
use hyper::Method;
use serde_json::{Map, Value};

use crate::servers::Request;

/// A request that fits the schema.
pub(super) struct Checked {
    pub(super) document: Arc<Valid<ExecutableDocument>>,
    pub(super) variables: Valid<JsonMap>,
    name: Option<String>,
}

impl Checked {
    /// Returns the operation that is meant.
    pub(super) fn operation(&self) -> &Operation {
        self.document.operations.get(self.name.as_deref()).expect("it was found before")
    }
}

/// Returns Linear's schema, as far as it was kept.
pub fn schema() -> &'static Valid<Schema> {
    static SCHEMA: OnceLock<Valid<Schema>> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../../data/linear/fake.graphql");
        Schema::parse_and_validate(text, "fake.graphql").unwrap_or_else(|wrong| panic!("{}", wrong.errors))
    })
}

/// Checks a request.
pub(super) fn check(request: &Request) -> Result<Checked, Vec<String>> {
    if request.path != "/graphql" {
        return Err(vec!["the only path is /graphql".to_owned()]);
    }
    if request.method != Method::POST {
        return Err(vec!["/graphql knows POST".to_owned()]);
    }
    if let Some(query) = &request.query {
        return Err(vec![format!("the query `{query}` means nothing")]);
    }
    let kind = request.header("content-type").unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        return Err(vec![format!("content type `{kind}` is not taken; taken is: application/json")]);
    }
    let Body { query, variables, name } = Body::read(&request.body)?;
    let document = document(query)?;
    let operation = document.operations.get(name.as_deref()).map_err(|error| vec![error.message().to_string()])?;
    let declared = |name: &str| operation.variables.iter().any(|variable| variable.name == name);
    let strangers: Vec<_> = variables.keys().filter(|name| !declared(name)).collect();
    if !strangers.is_empty() {
        return Err(strangers.iter().map(|name| format!("the variable `{name}` is not declared")).collect());
    }
    let JsonValue::Object(variables) = Value::Object(variables).into() else { unreachable!("an object stays one") };
    let variables = coerce_variable_values(schema(), operation, &variables);
    let variables = variables.map_err(|error| vec![error.message().to_string()])?;
    Ok(Checked { document, variables, name })
}

struct Body {
    query: String,
    variables: Map<String, Value>,
    name: Option<String>,
}

impl Body {
    fn read(bytes: &[u8]) -> Result<Self, Vec<String>> {
        let body: Value =
            serde_json::from_slice(bytes).map_err(|error| vec![format!("the body is not JSON: {error}")])?;
        let Value::Object(mut body) = body else { return Err(vec!["the body is not an object".to_owned()]) };
        let Some(Value::String(query)) = body.remove("query") else {
            return Err(vec!["the body has no `query`, or one that is not a text".to_owned()]);
        };
        let variables = match body.remove("variables") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(variables)) => variables,
            Some(_) => return Err(vec!["`variables` is not an object".to_owned()]),
        };
        let name = match body.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err(vec!["`operationName` is not a text".to_owned()]),
        };
        match body.keys().next() {
            Some(other) => Err(vec![format!("the body's member `{other}` means nothing")]),
            None => Ok(Self { query, variables, name }),
        }
    }
}

/// Returns a document, checked at most once: clients send few, and each of them often.
fn document(text: String) -> Result<Arc<Valid<ExecutableDocument>>, Vec<String>> {
    static KNOWN: Mutex<Option<HashMap<String, Arc<Valid<ExecutableDocument>>>>> = Mutex::new(None);
    let mut known = KNOWN.lock().expect("no check panicked");
    let known = known.get_or_insert_default();
    if let Some(document) = known.get(&text) {
        return Ok(Arc::clone(document));
    }
    let document = ExecutableDocument::parse_and_validate(schema(), text.clone(), "query.graphql");
    let document = document
        .map_err(|wrong| wrong.errors.iter().map(|diagnostic| diagnostic.to_json().message).collect::<Vec<_>>())?;
    let document = Arc::new(document);
    known.insert(text, Arc::clone(&document));
    Ok(document)
}
