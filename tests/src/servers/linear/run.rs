//! One operation on its way: who asks, what is kept, and where each field comes from.

use apollo_compiler::executable::OperationType;
use jiff::Timestamp;

use super::{
    access::Token,
    changes,
    fields::{Field, Node, Plain, View},
    index::Index,
    queries,
    reply::{Refusal, Trouble},
    state::State,
};
use crate::servers::{
    graphql::{Asked, Held, Platform},
    indexed::Indexed,
};

/// One operation on its way.
pub(super) struct Run<'a> {
    state: Held<'a, Indexed<State, Index>>,
    pub(super) token: &'a Token,
    /// The place of who asks.
    pub(super) viewer: usize,
    /// What is left of each limit.
    pub(super) limits: Vec<Plain>,
    /// The field that fails this time.
    pub(super) failing: Option<String>,
}

impl<'a> Run<'a> {
    pub(super) fn new(state: &'a mut Indexed<State, Index>, token: &'a Token, viewer: usize) -> Self {
        Self { state: Held::new(state), token, viewer, limits: Vec::new(), failing: None }
    }

    /// Lets somebody look at the state.
    pub(super) fn look<T>(&self, look: impl FnOnce(View) -> T) -> T {
        self.state.look(|state| look(View { state, viewer: self.viewer }))
    }

    /// Lets somebody look at the state, and look things up in it.
    pub(super) fn look_up<T>(&self, look: impl FnOnce(View, &Index) -> T) -> T {
        self.state.look(|state| look(View { state, viewer: self.viewer }, state.index()))
    }

    /// Lets somebody change the state; what they return was done.
    pub(super) fn change(&self, change: impl FnOnce(&mut State) -> Result<Field, Trouble>) -> Result<Field, Trouble> {
        self.state.change(|state| change(state))
    }

    /// Returns whether anything was written.
    pub(super) fn committed(&self) -> bool {
        self.state.committed()
    }
}

impl Platform for Run<'_> {
    type Node = Node;
    type Refusal = Refusal;

    fn type_name(&self, node: Node) -> &'static str {
        node.type_name()
    }

    fn root(&self, kind: OperationType, asked: &Asked) -> Result<Field, Trouble> {
        match kind {
            OperationType::Mutation => changes::field(self, asked.name, &asked.arguments),
            _ => queries::field(self, asked.name, &asked.arguments),
        }
    }

    fn field(&self, node: Node, asked: &Asked) -> Result<Option<Field>, Trouble> {
        Ok(self.look(|view| view.field(node, asked.name)))
    }

    fn prevented(&self, asked: &Asked) -> Option<Refusal> {
        (self.failing.as_deref() == Some(asked.name)).then(Refusal::internal)
    }

    fn arranged(&self, field: Field, asked: &Asked) -> Result<Field, Trouble> {
        match field {
            Field::Many(nodes) if asked.type_name.ends_with("Connection") => {
                self.look(|view| view.connection(&nodes, &asked.arguments)).map(Field::Plain)
            }
            field => Ok(field),
        }
    }

    fn time(&self, time: Timestamp) -> String {
        format!("{time:.3}")
    }
}
