//! Linear's schema, and whether a request fits it.

use std::{
    collections::HashMap,
    env, fs,
    path::Path,
    sync::{Arc, LazyLock, Mutex},
};

use apollo_compiler::{
    ExecutableDocument, Schema,
    executable::{Field, Operation, Selection, SelectionSet},
    request::coerce_variable_values,
    response::JsonMap,
    validation::Valid,
};
use serde::Deserialize;

/// The schema, cut to what our documents reach.
static CUT: LazyLock<Checker> = LazyLock::new(|| {
    Checker::new(include_str!("../../../../tests/data/linear/schema.graphql"), "tests/data/linear/schema.graphql")
});

/// The greatest complexity of a query: <https://linear.app/developers/rate-limiting>
const MOST_COMPLEX: f64 = 10_000.0;
/// How many items a list is counted as where `first` does not say.
const DEFAULT_FIRST: f64 = 50.0;

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
        let path = Path::new(&env::var_os("USHER_SPECS")?).join("linear/schema.graphql");
        Some(Self::new(&fs::read_to_string(&path).unwrap(), &path.display().to_string()))
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

    /// Says what is wrong with the body of a request, if something is: its document, its variables, or how complex it is.
    pub(crate) fn request(&self, body: &str) -> Result<(), String> {
        let Body { query, variables } = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let document = self.document(&query)?;
        let operation = document.operations.get(None).map_err(|error| error.message().to_string())?;
        let is_declared = |name: &str| operation.variables.iter().any(|variable| variable.name == name);
        if let Some(name) = variables.keys().find(|name| !is_declared(name.as_str())) {
            return Err(format!("the variable `{}` is not declared", name.as_str()));
        }
        let variables = coerce_variable_values(&self.schema, operation, &variables);
        let variables = variables.map_err(|error| error.message().to_string())?;
        let complexity = complexity(&document, operation, &variables);
        if complexity > MOST_COMPLEX {
            return Err(format!("its complexity is {complexity}"));
        }
        Ok(())
    }
}

/// Returns what Linear counts a query as: a value is 0.1, an object 1, and a list multiplies what it holds.
fn complexity(document: &ExecutableDocument, operation: &Operation, variables: &JsonMap) -> f64 {
    selections(document, &operation.selection_set, variables)
}

fn selections(document: &ExecutableDocument, set: &SelectionSet, variables: &JsonMap) -> f64 {
    let cost = |selection: &Selection| match selection {
        Selection::Field(field) if is_included(field, variables) => field_cost(document, field, variables),
        Selection::Field(_) => 0.0,
        Selection::FragmentSpread(spread) => {
            selections(document, &spread.fragment_def(document).unwrap().selection_set, variables)
        }
        Selection::InlineFragment(inline) => selections(document, &inline.selection_set, variables),
    };
    set.selections.iter().map(cost).sum()
}

fn field_cost(document: &ExecutableDocument, field: &Field, variables: &JsonMap) -> f64 {
    if field.selection_set.selections.is_empty() {
        return 0.1;
    }
    let inside = selections(document, &field.selection_set, variables);
    let is_list = field.ty().inner_named_type().ends_with("Connection") || field.name == "searchIssues";
    let first = ["first", "last"].iter().find_map(|name| number(field, name, variables)).unwrap_or(DEFAULT_FIRST);
    1.0 + if is_list { first * inside } else { inside }
}

fn number(field: &Field, argument: &str, variables: &JsonMap) -> Option<f64> {
    let value = field.argument_by_name(argument).ok()?;
    match value.as_variable() {
        Some(name) => variables.get(name.as_str())?.as_f64(),
        None => value.to_f64(),
    }
}

fn is_included(field: &Field, variables: &JsonMap) -> bool {
    let condition = field.directives.get("include").and_then(|include| include.specified_argument_by_name("if"));
    let variable = condition.and_then(|value| value.as_variable());
    variable.is_none_or(|name| variables.get(name.as_str()).and_then(|value| value.as_bool()) != Some(false))
}
