//! One request against a schema: everything that does not fit, a sentence each.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
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

/// A schema, and the documents that were found right by it: clients send few, and each of them often.
pub(in crate::servers) struct Api {
    schema: Valid<Schema>,
    known: Mutex<HashMap<String, Arc<Valid<ExecutableDocument>>>>,
}

/// A request that fits the schema.
pub(in crate::servers) struct Checked {
    pub(in crate::servers) document: Arc<Valid<ExecutableDocument>>,
    pub(in crate::servers) variables: Valid<JsonMap>,
    name: Option<String>,
}

/// What a request asks for.
pub(in crate::servers) struct Body {
    pub(in crate::servers) query: String,
    pub(in crate::servers) variables: Map<String, Value>,
    pub(in crate::servers) name: Option<String>,
}

impl Checked {
    /// Returns the operation that is meant.
    pub(in crate::servers) fn operation(&self) -> &Operation {
        self.document.operations.get(self.name.as_deref()).expect("it was found before")
    }
}

impl Api {
    /// Reads a schema; `file` is its name in complaints.
    pub(in crate::servers) fn new(text: &str, file: &str) -> Self {
        let schema = Schema::parse_and_validate(text, file).unwrap_or_else(|wrong| panic!("{}", wrong.errors));
        Self { schema, known: Mutex::default() }
    }

    pub(in crate::servers) fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }

    /// Checks what a request asks for.
    pub(in crate::servers) fn check(&self, body: Body) -> Result<Checked, Vec<String>> {
        let Body { query, variables, name } = body;
        let document = self.document(query)?;
        let operation = document.operations.get(name.as_deref()).map_err(|error| vec![error.message().to_string()])?;
        let declared = |name: &str| operation.variables.iter().any(|variable| variable.name == name);
        let strangers: Vec<_> = variables.keys().filter(|name| !declared(name)).collect();
        if !strangers.is_empty() {
            return Err(strangers.iter().map(|name| format!("the variable `{name}` is not declared")).collect());
        }
        let JsonValue::Object(variables) = Value::Object(variables).into() else { unreachable!("an object stays one") };
        let variables = coerce_variable_values(&self.schema, operation, &variables);
        let variables = variables.map_err(|error| vec![error.message().to_string()])?;
        Ok(Checked { document, variables, name })
    }

    /// Returns a document, checked at most once.
    fn document(&self, text: String) -> Result<Arc<Valid<ExecutableDocument>>, Vec<String>> {
        let mut known = self.known.lock().expect("no check panicked");
        if let Some(document) = known.get(&text) {
            return Ok(Arc::clone(document));
        }
        let document = ExecutableDocument::parse_and_validate(&self.schema, text.clone(), "query.graphql");
        let document = document
            .map_err(|wrong| wrong.errors.iter().map(|diagnostic| diagnostic.to_json().message).collect::<Vec<_>>())?;
        let document = Arc::new(document);
        known.insert(text, Arc::clone(&document));
        Ok(document)
    }
}

impl Body {
    /// Reads a request that must be a POST of JSON to a path.
    pub(in crate::servers) fn posted(request: &Request, path: &str) -> Result<Self, Vec<String>> {
        Self::at(request, path, "application/json")?;
        Self::read(&request.body)
    }

    /// Checks path, method and the kind of the content, which is all that holds of every request.
    pub(in crate::servers) fn at(request: &Request, path: &str, kind: &str) -> Result<(), Vec<String>> {
        if request.path != path {
            return Err(vec![format!("the only path is {path}")]);
        }
        if request.method != Method::POST {
            return Err(vec![format!("{path} knows POST")]);
        }
        if let Some(query) = &request.query {
            return Err(vec![format!("the query `{query}` means nothing")]);
        }
        let own = request.header("content-type").unwrap_or_default();
        if own.split(';').next().map(str::trim) != Some(kind) {
            return Err(vec![format!("content type `{own}` is not taken; taken is: {kind}")]);
        }
        Ok(())
    }

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
