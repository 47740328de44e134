//! monday.com's schema, and whether a request fits it.

use std::{
    collections::HashMap,
    env, fs,
    path::Path,
    sync::{Arc, LazyLock, Mutex},
};

use apollo_compiler::{
    ExecutableDocument, Schema, request::coerce_variable_values, response::JsonMap, validation::Valid,
};
use serde::Deserialize;

/// The schema, cut to what our documents reach.
static CUT: LazyLock<Checker> = LazyLock::new(|| {
    Checker::new(include_str!("../../../../tests/data/monday/schema.graphql"), "tests/data/monday/schema.graphql")
});

/// Checks requests against a schema; documents that were valid once are not read again.
pub(crate) struct Checker {
    schema: Valid<Schema>,
    known: Mutex<HashMap<String, Arc<Valid<ExecutableDocument>>>>,
}

#[derive(Deserialize)]
struct Body {
    query: String,
    #[serde(default)]
    variables: JsonMap,
}

impl Checker {
    /// The schema that is part of this project.
    pub(crate) fn cut() -> &'static Self {
        &CUT
    }

    /// The whole official schema, where `USHER_SPECS` names a folder that has it.
    pub(crate) fn official() -> Option<Self> {
        let path = Path::new(&env::var_os("USHER_SPECS")?).join("monday/schema.graphql");
        let mut text = fs::read_to_string(&path).unwrap();
        // It defines the scalars and the types of the language too, which the language forbids: here they are others, which
        // nothing uses.
        text = text.replace(" __", " ByHand").replace("[__", "[ByHand");
        for scalar in ["Boolean", "Float", "ID", "Int", "String"] {
            text = text.replace(&format!("\nscalar {scalar}\n"), &format!("\nscalar {scalar}ByHand\n"));
        }
        Some(Self::new(&text, &path.display().to_string()))
    }

    fn new(text: &str, name: &str) -> Self {
        let schema = Schema::parse_and_validate(text, name).unwrap_or_else(|errors| panic!("{errors}"));
        Self { schema, known: Mutex::default() }
    }

    /// Says what is wrong with a document, if something is.
    pub(crate) fn document(&self, text: &str) -> Result<Arc<Valid<ExecutableDocument>>, String> {
        if let Some(known) = self.known.lock().unwrap().get(text) {
            return Ok(Arc::clone(known));
        }
        let document = ExecutableDocument::parse_and_validate(&self.schema, text, "request.graphql")
            .map_err(|errors| errors.to_string())?;
        let document = Arc::new(document);
        self.known.lock().unwrap().insert(text.to_owned(), Arc::clone(&document));
        Ok(document)
    }

    /// Says what is wrong with the body of a request, if something is: its document or its variables.
    pub(crate) fn request(&self, body: &str) -> Result<(), String> {
        let Body { query, variables } = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let document = self.document(&query)?;
        let operation = document.operations.get(None).map_err(|error| error.message().to_string())?;
        let is_declared = |name: &str| operation.variables.iter().any(|variable| variable.name == name);
        if let Some(name) = variables.keys().find(|name| !is_declared(name.as_str())) {
            return Err(format!("the variable `{}` is not declared", name.as_str()));
        }
        coerce_variable_values(&self.schema, operation, &variables).map_err(|error| error.message().to_string())?;
        Ok(())
    }
}
