//! Answers a query that was found right: walks what was selected, and asks the platform for each field.
//!
//! What the platform refuses is an error of the answer. What it does not have, and an answer that the schema does not allow,
//! is a fault of the fake or of the test: then there is no answer at all.

use std::{borrow::Cow, cell::RefCell};

use apollo_compiler::{
    executable::OperationType,
    resolvers::{Execution, FieldError, ObjectValue, ResolveInfo, ResolvedValue},
    response::{ExecutionResponse, JsonValue},
};
use jiff::Timestamp;
use serde_json::Value;

use super::{Api, Checked, Field, Plain, Trouble};

/// What is behind a schema.
pub(in crate::servers) trait Platform {
    /// How it names a thing that it keeps.
    type Node: Copy + 'static;
    /// How it says no.
    type Refusal: Refuse + 'static;

    /// Returns the name of a thing's type in the schema.
    fn type_name(&self, node: Self::Node) -> &'static str;

    /// Returns what a field of `Query` holds, or does what one of `Mutation` says.
    fn root(&self, kind: OperationType, asked: &Asked) -> Result<Field<Self::Node>, Trouble<Self::Refusal>>;

    /// Returns what a thing has under a name; nothing if the fake does not have it.
    fn field(&self, node: Self::Node, asked: &Asked) -> Result<Option<Field<Self::Node>>, Trouble<Self::Refusal>>;

    /// Returns why a field has no value this time, whatever it would be.
    fn prevented(&self, _asked: &Asked) -> Option<Self::Refusal> {
        None
    }

    /// Brings what a field holds into the form that its type has, where these differ.
    fn arranged(&self, field: Field<Self::Node>, _asked: &Asked) -> Result<Field<Self::Node>, Trouble<Self::Refusal>> {
        Ok(field)
    }

    /// Writes a time.
    fn time(&self, time: Timestamp) -> String;
}

/// A refusal, as a GraphQL error tells it.
pub(in crate::servers) trait Refuse {
    fn message(&self) -> &str;

    /// Returns the member `extensions`.
    fn extensions(&self) -> Value;
}

/// What is asked of a thing.
pub(in crate::servers) struct Asked<'a> {
    pub(in crate::servers) name: &'a str,
    pub(in crate::servers) arguments: Value,
    /// The type of the field, without lists and exclamation marks.
    pub(in crate::servers) type_name: &'a str,
}

/// Carries an operation out, and returns the body of the answer, or what is wrong with the fake or the test.
pub(in crate::servers) fn execute<P: Platform>(
    api: &Api,
    checked: &Checked,
    platform: &P,
) -> Result<ExecutionResponse, Vec<String>> {
    let operation = checked.operation();
    if operation.operation_type == OperationType::Subscription {
        return Err(vec!["the fake has no subscriptions".to_owned()]);
    }
    let run = Run { platform, refused: RefCell::default(), missing: RefCell::default() };
    let what = What::Root(operation.operation_type);
    let root = Object { run: &run, type_name: operation.object_type().as_str().into(), what };
    let execution = Execution::new(api.schema(), &checked.document).operation(operation);
    let execution = execution.coerced_variable_values(&checked.variables).execute_sync(&root);
    let mut response = execution.map_err(|error| vec![error.message().to_string()])?;
    let wrong = run.explain(&mut response);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    response.data.iter_mut().flat_map(|data| data.values_mut()).for_each(write_whole);
    Ok(response)
}

/// One operation on its way.
struct Run<'a, P: Platform> {
    platform: &'a P,
    refused: RefCell<Vec<P::Refusal>>,
    missing: RefCell<Vec<String>>,
}

/// An object whose fields can be asked for.
struct Object<'a, P: Platform> {
    run: &'a Run<'a, P>,
    type_name: Cow<'a, str>,
    what: What<P::Node>,
}

enum What<N> {
    Root(OperationType),
    Node(N),
    Plain(Plain<N>),
}

impl<P: Platform> Run<'_, P> {
    fn field(&self, object: &Object<'_, P>, asked: &Asked) -> Result<Field<P::Node>, Trouble<P::Refusal>> {
        if let Some(refusal) = self.platform.prevented(asked) {
            return Err(Trouble::Refused(refusal));
        }
        let field = match &object.what {
            What::Root(kind) => Some(self.platform.root(*kind, asked)?),
            What::Node(node) => self.platform.field(*node, asked)?,
            What::Plain(fields) => {
                fields.iter().find(|(known, _)| *known == asked.name).map(|(_, field)| field.clone())
            }
        };
        let missing = || Trouble::Missing(format!("{}.{}", object.type_name, asked.name));
        self.platform.arranged(field.ok_or_else(missing)?, asked)
    }

    /// Writes down why a field has no value.
    fn troubled(&self, trouble: Trouble<P::Refusal>) -> FieldError {
        match trouble {
            Trouble::Refused(refusal) => {
                let message = refusal.message().to_owned();
                self.refused.borrow_mut().push(refusal);
                FieldError { message }
            }
            Trouble::Missing(what) => {
                self.missing.borrow_mut().push(format!("the fake does not have {what}"));
                FieldError { message: what }
            }
        }
    }

    /// Gives each error the member `extensions` that it has at the platform; returns what is no error of the platform's.
    fn explain(&self, response: &mut ExecutionResponse) -> Vec<String> {
        let mut wrong = self.missing.take();
        if !wrong.is_empty() {
            return wrong;
        }
        let refused = self.refused.borrow();
        for error in &mut response.errors {
            // The executor says in front that it was a resolver; no platform does.
            if let Some(message) = error.message.strip_prefix("resolver error: ") {
                error.message = message.to_owned();
            }
            match refused.iter().find(|refusal| refusal.message() == error.message) {
                None => wrong.push(format!("the fake's answer does not fit the schema: {}", error.message)),
                Some(refusal) => {
                    if let JsonValue::Object(members) = refusal.extensions().into() {
                        error.extensions = members;
                    }
                }
            }
        }
        wrong
    }
}

impl<'a, P: Platform> Object<'a, P> {
    fn node(&self, node: P::Node) -> ResolvedValue<'a> {
        let type_name = self.run.platform.type_name(node).into();
        ResolvedValue::object(Self { run: self.run, type_name, what: What::Node(node) })
    }

    fn plain(&self, type_name: &str, plain: Plain<P::Node>) -> ResolvedValue<'a> {
        ResolvedValue::object(Self { run: self.run, type_name: type_name.to_owned().into(), what: What::Plain(plain) })
    }

    fn resolved(&self, field: Field<P::Node>, info: &ResolveInfo) -> ResolvedValue<'a> {
        let own_type = &info.field_definition().ty;
        let type_name = own_type.inner_named_type().as_str();
        match field {
            Field::Leaf(Value::Number(number)) if type_name == "Float" => {
                ResolvedValue::leaf(Value::from(number.as_f64()))
            }
            Field::Leaf(Value::Array(items)) if own_type.is_list() => {
                ResolvedValue::list(items.into_iter().map(ResolvedValue::leaf))
            }
            Field::Leaf(value) => ResolvedValue::leaf(value),
            Field::Time(time) => ResolvedValue::leaf(Value::from(time.map(|time| self.run.platform.time(time)))),
            Field::Day(day) => ResolvedValue::leaf(Value::from(day.map(|day| day.to_string()))),
            Field::One(None) => ResolvedValue::null(),
            Field::One(Some(one)) => self.node(one),
            Field::Many(nodes) => {
                ResolvedValue::list(nodes.into_iter().map(|node| self.node(node)).collect::<Vec<_>>())
            }
            Field::Plain(fields) => self.plain(type_name, fields),
            Field::Plains(list) => {
                ResolvedValue::list(list.into_iter().map(|plain| self.plain(type_name, plain)).collect::<Vec<_>>())
            }
        }
    }
}

impl<P: Platform> ObjectValue for Object<'_, P> {
    fn type_name(&self) -> &str {
        &self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let asked = Asked {
            name: info.field_name(),
            arguments: serde_json::to_value(info.arguments()).expect("arguments are JSON"),
            type_name: info.field_definition().ty.inner_named_type().as_str(),
        };
        let field = self.run.field(self, &asked);
        field.map(|field| self.resolved(field, info)).map_err(|trouble| self.run.troubled(trouble))
    }
}

/// Writes whole numbers without a point, whatever their type: servers write `1`, not `1.0`.
fn write_whole(value: &mut JsonValue) {
    match value {
        JsonValue::Object(members) => members.values_mut().for_each(write_whole),
        JsonValue::Array(items) => items.iter_mut().for_each(write_whole),
        JsonValue::Number(number) if number.is_f64() => {
            let text = number.to_string();
            if let Some(whole) = text.strip_suffix(".0").and_then(|whole| whole.parse::<i64>().ok()) {
                *number = whole.into();
            }
        }
        _ => {}
    }
}
