//! Answers a query that was found right: walks what was selected, and asks the tables of each type for it.

use std::cell::{Cell, RefCell};

use apollo_compiler::{
    resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue},
    response::ExecutionResponse,
};
use serde_json::Value;

use super::{
    access::Token,
    changes,
    fields::{Field, Node, Plain, View},
    queries,
    reply::{Refusal, Trouble},
    state::State,
};

/// One operation on its way.
pub(super) struct Run<'a> {
    state: RefCell<&'a mut State>,
    pub(super) token: &'a Token,
    /// The place of who asks.
    pub(super) viewer: usize,
    /// What is left of each limit.
    pub(super) limits: Vec<Plain>,
    /// The field that fails this time.
    pub(super) failing: Option<String>,
    refused: RefCell<Vec<Refusal>>,
    missing: RefCell<Vec<String>>,
    committed: Cell<bool>,
}

/// An object whose fields can be asked for.
pub(super) struct Object<'a, 'state> {
    run: &'a Run<'state>,
    what: What,
}

enum What {
    Query,
    Mutation,
    Node(Node),
    Plain(String, Plain),
}

impl<'a> Run<'a> {
    pub(super) fn new(state: &'a mut State, token: &'a Token, viewer: usize) -> Self {
        Self {
            state: RefCell::new(state),
            token,
            viewer,
            limits: Vec::new(),
            failing: None,
            refused: RefCell::default(),
            missing: RefCell::default(),
            committed: Cell::new(false),
        }
    }

    /// Returns the object that queries begin at.
    pub(super) fn query(&self) -> Object<'_, 'a> {
        Object { run: self, what: What::Query }
    }

    /// Returns the object that mutations begin at.
    pub(super) fn mutation(&self) -> Object<'_, 'a> {
        Object { run: self, what: What::Mutation }
    }

    /// Lets somebody look at the state.
    pub(super) fn look<T>(&self, look: impl FnOnce(View) -> T) -> T {
        look(View { state: &self.state.borrow(), viewer: self.viewer })
    }

    /// Lets somebody change the state; what they return was done.
    pub(super) fn change(&self, change: impl FnOnce(&mut State) -> Result<Field, Trouble>) -> Result<Field, Trouble> {
        let changed = change(&mut self.state.borrow_mut())?;
        self.committed.set(true);
        Ok(changed)
    }

    /// Returns whether anything was written.
    pub(super) fn committed(&self) -> bool {
        self.committed.get()
    }

    /// Returns what was asked for and the fake does not have.
    pub(super) fn missing(&self) -> Vec<String> {
        self.missing.take()
    }

    /// Gives each error the member `extensions` that it has at Linear.
    pub(super) fn explain(&self, response: &mut ExecutionResponse) {
        let refused = self.refused.borrow();
        for error in &mut response.errors {
            // The executor says in front that it was a resolver; Linear does not.
            if let Some(message) = error.message.strip_prefix("resolver error: ") {
                error.message = message.to_owned();
            }
            let known = refused.iter().find(|refusal| refusal.message == error.message);
            let extensions = known.cloned().unwrap_or_else(Refusal::internal).extensions();
            if let apollo_compiler::response::JsonValue::Object(members) = extensions.into() {
                error.extensions = members;
            }
        }
    }

    fn field(&self, what: &What, info: &ResolveInfo) -> Result<Field, Trouble> {
        let name = info.field_name();
        if self.failing.as_deref() == Some(name) {
            return Err(Refusal::internal().into());
        }
        let missing = |type_name: &str| Trouble::Missing(format!("{type_name}.{name}"));
        match what {
            What::Query => queries::field(self, name, &arguments(info)),
            What::Mutation => changes::field(self, name, &arguments(info)),
            What::Node(node) => self.look(|view| view.field(*node, name)).ok_or_else(|| missing(node.type_name())),
            What::Plain(type_name, fields) => {
                let known = fields.iter().find(|(known, _)| *known == name);
                known.map(|(_, field)| field.clone()).ok_or_else(|| missing(type_name))
            }
        }
    }

    fn resolved<'b>(&'b self, field: Field, info: &ResolveInfo) -> Result<ResolvedValue<'b>, Trouble>
    where
        'a: 'b,
    {
        let type_name = info.field_definition().ty.inner_named_type().as_str();
        let node = |node| ResolvedValue::object(Object { run: self, what: What::Node(node) });
        let plain = |plain| ResolvedValue::object(Object { run: self, what: What::Plain(type_name.to_owned(), plain) });
        Ok(match field {
            Field::Leaf(Value::Number(number)) if type_name == "Float" => {
                ResolvedValue::leaf(Value::from(number.as_f64()))
            }
            Field::Leaf(Value::Array(items)) if info.field_definition().ty.is_list() => {
                ResolvedValue::list(items.into_iter().map(ResolvedValue::leaf))
            }
            Field::Leaf(value) => ResolvedValue::leaf(value),
            Field::Time(time) => ResolvedValue::leaf(Value::from(time.map(|time| format!("{time:.3}")))),
            Field::Day(day) => ResolvedValue::leaf(Value::from(day.map(|day| day.to_string()))),
            Field::One(None) => ResolvedValue::null(),
            Field::One(Some(one)) => node(one),
            Field::Many(nodes) if type_name.ends_with("Connection") => {
                plain(self.look(|view| view.connection(&nodes, &arguments(info)))?)
            }
            Field::Many(nodes) => ResolvedValue::list(nodes.into_iter().map(node)),
            Field::Plain(fields) => plain(fields),
            Field::Plains(list) => ResolvedValue::list(list.into_iter().map(plain).collect::<Vec<_>>()),
        })
    }

    /// Writes down why a field has no value.
    fn troubled(&self, trouble: Trouble) -> FieldError {
        match trouble {
            Trouble::Refused(refusal) => {
                let message = refusal.message.to_string();
                self.refused.borrow_mut().push(refusal);
                FieldError { message }
            }
            Trouble::Missing(what) => {
                self.missing.borrow_mut().push(format!("the fake does not have {what}"));
                FieldError { message: what }
            }
        }
    }
}

impl ObjectValue for Object<'_, '_> {
    fn type_name(&self) -> &str {
        match &self.what {
            What::Query => "Query",
            What::Mutation => "Mutation",
            What::Node(node) => node.type_name(),
            What::Plain(type_name, _) => type_name,
        }
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let field = self.run.field(&self.what, info);
        let resolved = field.and_then(|field| self.run.resolved(field, info));
        resolved.map_err(|trouble| self.run.troubled(trouble))
    }
}

fn arguments(info: &ResolveInfo) -> Value {
    serde_json::to_value(info.arguments()).expect("arguments are JSON")
}
