//! Cuts Linear's schema to what the adapter's documents reach, and writes it to `tests/data/linear/schema.graphql`.
//!
//! `USHER_SPECS` names a folder with the official schema as `linear/schema.graphql`; it is `packages/sdk/src/schema.graphql` of
//! <https://github.com/linear/linear>.
//!
//! ```sh
//! USHER_SPECS=specs cargo run -p usher-adapter-linear --example cut-schema
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{Definition, Document, FieldDefinition, InputValueDefinition},
    executable::{Selection, SelectionSet},
};

#[path = "../src/documents.rs"]
#[allow(dead_code, reason = "the adapter uses what this does not")]
mod documents;

/// The fields that the adapter writes into input types, where it does not write all of them; sorted.
const INPUTS: &[(&str, &[&str])] = &[
    ("BooleanComparator", &["eq"]),
    ("CommentCreateInput", &["body", "id", "issueId", "parentId"]),
    ("CommentFilter", &["id"]),
    ("CycleFilter", &["id", "isPast", "name", "number", "or", "team"]),
    ("DateComparator", &["gte", "lt"]),
    ("IDComparator", &["eq", "in"]),
    (
        "IssueCreateInput",
        &[
            "assigneeId",
            "cycleId",
            "description",
            "dueDate",
            "estimate",
            "id",
            "labelIds",
            "parentId",
            "priority",
            "projectId",
            "projectMilestoneId",
            "stateId",
            "teamId",
            "title",
        ],
    ),
    (
        "IssueFilter",
        &[
            "and",
            "assignee",
            "createdAt",
            "creator",
            "cycle",
            "description",
            "id",
            "labels",
            "number",
            "or",
            "priority",
            "project",
            "projectMilestone",
            "state",
            "team",
            "title",
            "updatedAt",
        ],
    ),
    ("IssueIDComparator", &["eq", "in"]),
    ("IssueLabelCollectionFilter", &["some"]),
    ("IssueLabelFilter", &["id", "isGroup", "name", "or"]),
    ("IssueRelationCreateInput", &["issueId", "relatedIssueId", "type"]),
    (
        "IssueUpdateInput",
        &[
            "addedLabelIds",
            "assigneeId",
            "cycleId",
            "description",
            "dueDate",
            "estimate",
            "labelIds",
            "parentId",
            "priority",
            "projectId",
            "projectMilestoneId",
            "removedLabelIds",
            "stateId",
            "teamId",
            "title",
        ],
    ),
    ("NullableCycleFilter", &["id", "name", "number"]),
    ("NullableNumberComparator", &["eq", "in", "lte"]),
    ("NullableProjectFilter", &["id", "name"]),
    ("NullableProjectMilestoneFilter", &["id", "name"]),
    ("NullableStringComparator", &["containsIgnoreCase", "eqIgnoreCase"]),
    ("NullableUserFilter", &["displayName", "email", "id", "isMe", "name", "null"]),
    ("NumberComparator", &["eq"]),
    ("ProjectFilter", &["id", "name", "or"]),
    ("ProjectMilestoneFilter", &["id", "name", "or"]),
    ("StringComparator", &["containsIgnoreCase", "eq", "eqIgnoreCase", "in"]),
    ("TeamFilter", &["id", "key", "name", "or"]),
    ("UserFilter", &["displayName", "email", "id", "name", "or"]),
    ("WorkflowStateFilter", &["id", "name", "type"]),
];

/// Where the schema came from, as its file says on top.
const SOURCE: &str = "# Cut from Linear's own schema by `adapters/linear/examples/cut-schema.rs`: see README.md.\n\n";

fn main() {
    let specs = env::var_os("USHER_SPECS").map(PathBuf::from);
    let path = specs.expect("USHER_SPECS names no folder: see the top of this file").join("linear/schema.graphql");
    let text = fs::read_to_string(&path).expect("the schema can be read");
    let schema = Schema::parse_and_validate(&text, &path).expect("the schema is valid");
    let mut reached = Reached::default();
    for (name, document) in documents::ALL {
        let document = ExecutableDocument::parse_and_validate(&schema, document.text, *name)
            .unwrap_or_else(|errors| panic!("{name} does not fit the schema: {errors}"));
        reached.document(&document);
    }
    let definitions = Document::parse(&text, &path).expect("the schema can be parsed").definitions;
    let definitions = reached.close(&definitions);
    let cut = definitions.iter().map(|definition| definition.to_string()).collect::<Vec<_>>().join("\n\n");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/linear/schema.graphql");
    fs::write(target, format!("{SOURCE}{cut}\n")).expect("the cut can be written");
}

/// What the documents reach: fields of types with their arguments, and the names of other types.
#[derive(Default)]
struct Reached {
    fields: BTreeMap<Name, BTreeMap<Name, BTreeSet<Name>>>,
    types: BTreeSet<Name>,
}

impl Reached {
    fn document(&mut self, document: &ExecutableDocument) {
        for operation in document.operations.iter() {
            self.selections(document, &operation.selection_set);
            self.types.extend(operation.variables.iter().map(|variable| variable.ty.inner_named_type().clone()));
        }
    }

    fn selections(&mut self, document: &ExecutableDocument, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let own = self.fields.entry(set.ty.clone()).or_default().entry(field.name.clone()).or_default();
                    own.extend(field.arguments.iter().map(|argument| argument.name.clone()));
                    self.types.insert(field.ty().inner_named_type().clone());
                    self.selections(document, &field.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = spread.fragment_def(document).expect("the document is valid");
                    self.selections(document, &fragment.selection_set);
                }
                Selection::InlineFragment(inline) => self.selections(document, &inline.selection_set),
            }
        }
    }

    /// Returns the definitions that are reached, and those that they reach, in the order of the schema.
    fn close(&mut self, definitions: &[Definition]) -> Vec<Definition> {
        let mut cut = BTreeMap::new();
        loop {
            let before = (cut.len(), self.types.len());
            for (place, definition) in definitions.iter().enumerate() {
                if let Some(definition) = self.cut(definition) {
                    cut.insert(place, definition);
                }
            }
            if before == (cut.len(), self.types.len()) {
                return cut.into_values().collect();
            }
        }
    }

    fn cut(&mut self, definition: &Definition) -> Option<Definition> {
        match definition.clone() {
            Definition::ObjectTypeDefinition(mut object) => {
                let fields = self.fields.get(&object.name)?.clone();
                let own = object.make_mut();
                (own.description, own.implements_interfaces) = (None, Vec::new());
                own.directives.0.clear();
                own.fields.retain(|field| fields.contains_key(&field.name));
                for field in &mut own.fields {
                    let arguments = &fields[&field.name];
                    self.cut_field(field.make_mut(), arguments);
                }
                Some(Definition::ObjectTypeDefinition(object))
            }
            Definition::InputObjectTypeDefinition(mut input) if self.types.contains(&input.name) => {
                let own = input.make_mut();
                own.description = None;
                if let Ok(place) = INPUTS.binary_search_by(|(name, _)| (*name).cmp(own.name.as_str())) {
                    own.fields.retain(|field| INPUTS[place].1.contains(&field.name.as_str()));
                }
                own.fields.iter_mut().for_each(|field| self.cut_value(field));
                Some(Definition::InputObjectTypeDefinition(input))
            }
            Definition::EnumTypeDefinition(mut words) if self.types.contains(&words.name) => {
                let own = words.make_mut();
                own.description = None;
                own.values.iter_mut().for_each(|value| value.make_mut().description = None);
                Some(Definition::EnumTypeDefinition(words))
            }
            Definition::ScalarTypeDefinition(mut scalar) if self.types.contains(&scalar.name) => {
                scalar.make_mut().description = None;
                Some(Definition::ScalarTypeDefinition(scalar))
            }
            _ => None,
        }
    }

    fn cut_field(&mut self, field: &mut FieldDefinition, arguments: &BTreeSet<Name>) {
        field.description = None;
        field.directives.0.clear();
        field.arguments.retain(|argument| arguments.contains(&argument.name));
        field.arguments.iter_mut().for_each(|argument| self.cut_value(argument));
        self.types.insert(field.ty.inner_named_type().clone());
    }

    fn cut_value(&mut self, value: &mut Node<InputValueDefinition>) {
        let value = value.make_mut();
        value.description = None;
        value.directives.0.clear();
        self.types.insert(value.ty.inner_named_type().clone());
    }
}
