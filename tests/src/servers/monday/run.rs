//! One operation on its way: who asks, what is kept, and where each field comes from.

use std::cell::RefCell;

use apollo_compiler::executable::OperationType;
use jiff::Timestamp;

use super::{
    access::Token,
    arguments, changes,
    check::Upload,
    fields::{Field, Node, View},
    limits::Limits,
    places::Places,
    queries,
    reply::{Refusal, Trouble},
    state::State,
};
use crate::servers::graphql::{Asked, Held, Platform};

/// One operation on its way.
pub(super) struct Run<'a> {
    pub(super) state: Held<'a, State>,
    pub(super) places: RefCell<&'a mut Places>,
    pub(super) limits: RefCell<&'a mut Limits>,
    pub(super) token: &'a Token,
    /// The place of who asks.
    pub(super) viewer: usize,
    /// What it costs.
    pub(super) points: u64,
    /// The file that came with it.
    pub(super) upload: Option<Upload>,
    /// The field that fails this time, and why.
    pub(super) failing: Option<(String, Refusal)>,
}

impl Run<'_> {
    /// Lets somebody look at the state.
    pub(super) fn look<T>(&self, look: impl FnOnce(View) -> T) -> T {
        self.state.look(|state| look(View { state, viewer: self.viewer }))
    }

    /// Lets somebody change the state; what they return was done.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> Result<T, Trouble>) -> Result<T, Trouble> {
        self.state.change(change)
    }
}

impl Platform for Run<'_> {
    type Node = Node;
    type Refusal = Refusal;

    fn type_name(&self, node: Node) -> &'static str {
        self.look(|view| view.type_name(node))
    }

    fn root(&self, kind: OperationType, asked: &Asked) -> Result<Field, Trouble> {
        arguments::check(asked)?;
        match kind {
            OperationType::Mutation => changes::field(self, asked),
            _ => queries::field(self, asked),
        }
    }

    fn field(&self, node: Node, asked: &Asked) -> Result<Option<Field>, Trouble> {
        arguments::check(asked)?;
        match node {
            Node::Board(board) if asked.name == "items_page" => {
                queries::items_page(self, board, &asked.arguments).map(Some)
            }
            node => Ok(self.look(|view| view.field(node, asked.name, &asked.arguments))),
        }
    }

    fn prevented(&self, asked: &Asked) -> Option<Refusal> {
        self.failing.as_ref().filter(|(name, _)| name == asked.name).map(|(_, refusal)| refusal.clone())
    }

    fn time(&self, time: Timestamp) -> String {
        format!("{time:.0}")
    }
}
