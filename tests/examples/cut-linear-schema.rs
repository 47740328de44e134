//! Cuts Linear's schema to what the fake Linear has, and writes it to `tests/data/linear/fake.graphql`.
//!
//! `USHER_SPECS=FOLDER cargo run -p usher-tests --example cut-linear-schema`, where the folder has the official schema as
//! `linear/schema.graphql`.

use std::{collections::BTreeSet, env, fs, path::Path};

use apollo_compiler::{
    Schema,
    ast::{FieldDefinition, InputValueDefinition},
    schema::{Component, ExtendedType},
};

/// The types that answers can be made of, sorted. An edge and a connection belong to what they hold.
const TYPES: &[&str] = &[
    "ActorBot",
    "Attachment",
    "AttachmentPayload",
    "Comment",
    "CommentPayload",
    "Cycle",
    "DeletePayload",
    "ExternalUser",
    "Issue",
    "IssueArchivePayload",
    "IssueLabel",
    "IssuePayload",
    "IssuePriorityValue",
    "IssueRelation",
    "IssueRelationPayload",
    "IssueSearchPayload",
    "IssueSearchResult",
    "Organization",
    "PageInfo",
    "Project",
    "ProjectMilestone",
    "RateLimitPayload",
    "RateLimitResultPayload",
    "Team",
    "User",
    "WorkflowState",
];

/// What the fake does, sorted.
const MUTATIONS: &[&str] = &[
    "attachmentCreate",
    "attachmentDelete",
    "attachmentLinkURL",
    "commentCreate",
    "commentDelete",
    "commentUpdate",
    "issueAddLabel",
    "issueArchive",
    "issueCreate",
    "issueDelete",
    "issueRelationCreate",
    "issueRelationDelete",
    "issueRemoveLabel",
    "issueUnarchive",
    "issueUpdate",
];

/// Queries that answer what is kept, and that the fake does not have all the same.
const WITHOUT: &[&str] =
    &["attachmentIssue", "issueFigmaFileKeySearch", "issueSearch", "administrableTeams", "archivedTeams"];

fn main() {
    let folder = env::var_os("USHER_SPECS").expect("USHER_SPECS names a folder");
    let text = fs::read_to_string(Path::new(&folder).join("linear/schema.graphql")).expect("the schema is there");
    let mut schema = Schema::parse(text, "schema.graphql").unwrap_or_else(|wrong| panic!("{}", wrong.errors));
    let inputs: BTreeSet<String> =
        schema.types.iter().filter(|(_, kind)| is_input(kind)).map(|(name, _)| name.to_string()).collect();
    let kept = |name: &str| is_kept(name) || inputs.contains(name) && is_kept_filter(name);
    schema.schema_definition.make_mut().subscription = None;
    schema.directive_definitions.retain(|_, definition| definition.is_built_in());
    for kind in schema.types.values_mut().filter(|kind| !kind.is_built_in()) {
        trim(kind, &kept);
    }
    let reached = reached(&schema);
    schema.types.retain(|name, kind| kind.is_built_in() || reached.contains(name.as_str()));
    let schema = schema.validate().unwrap_or_else(|wrong| panic!("{}", wrong.errors));
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/linear/fake.graphql");
    fs::write(target, schema.to_string()).expect("the file can be written");
}

fn is_input(kind: &ExtendedType) -> bool {
    matches!(kind, ExtendedType::InputObject(_) | ExtendedType::Enum(_) | ExtendedType::Scalar(_))
}

fn is_kept(name: &str) -> bool {
    let held = name.strip_suffix("Connection").or_else(|| name.strip_suffix("Edge")).unwrap_or(name);
    TYPES.contains(&held)
}

/// A filter over what is not kept is left out; every other input stays.
fn is_kept_filter(name: &str) -> bool {
    let Some(of) = name.strip_suffix("Filter") else { return true };
    let of = of.strip_prefix("Nullable").unwrap_or(of);
    TYPES.contains(&of.strip_suffix("Collection").unwrap_or(of))
}

/// Takes everything out of a type that leads to what is not kept, and its prose.
fn trim(kind: &mut ExtendedType, kept: &impl Fn(&str) -> bool) {
    match kind {
        ExtendedType::Object(object) => {
            let object = object.make_mut();
            let root = object.name.clone();
            object.description = None;
            object.implements_interfaces.clear();
            object.fields.retain(|name, field| kept(field.ty.inner_named_type()) && is_of_root(&root, name));
            object.fields.values_mut().for_each(|field| trim_field(field, kept));
        }
        ExtendedType::InputObject(input) => {
            let input = input.make_mut();
            input.description = None;
            input.fields.retain(|_, field| kept(field.ty.inner_named_type()));
            for field in input.fields.values_mut() {
                let field: &mut InputValueDefinition = field.make_mut();
                field.description = None;
                field.directives.clear();
            }
        }
        ExtendedType::Enum(list) => {
            let list = list.make_mut();
            list.description = None;
            for value in list.values.values_mut() {
                let value = value.make_mut();
                value.description = None;
                value.directives.clear();
            }
        }
        ExtendedType::Scalar(scalar) => {
            let scalar = scalar.make_mut();
            scalar.description = None;
            scalar.directives.clear();
        }
        ExtendedType::Interface(_) | ExtendedType::Union(_) => {}
    }
}

fn is_of_root(root: &str, field: &str) -> bool {
    match root {
        "Mutation" => MUTATIONS.contains(&field),
        "Query" => !WITHOUT.contains(&field),
        _ => true,
    }
}

fn trim_field(field: &mut Component<FieldDefinition>, kept: &impl Fn(&str) -> bool) {
    let field = field.make_mut();
    field.description = None;
    field.directives.clear();
    field.arguments.retain(|argument| kept(argument.ty.inner_named_type()));
    for argument in &mut field.arguments {
        let argument = argument.make_mut();
        argument.description = None;
        argument.directives.clear();
    }
}

/// Returns the names of the types that queries and mutations lead to.
fn reached(schema: &Schema) -> BTreeSet<String> {
    let mut open = vec!["Query".to_owned(), "Mutation".to_owned()];
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !reached.insert(name.clone()) {
            continue;
        }
        match schema.types.get(name.as_str()) {
            Some(ExtendedType::Object(object)) => {
                for field in object.fields.values() {
                    open.push(field.ty.inner_named_type().to_string());
                    open.extend(field.arguments.iter().map(|argument| argument.ty.inner_named_type().to_string()));
                }
            }
            Some(ExtendedType::InputObject(input)) => {
                open.extend(input.fields.values().map(|field| field.ty.inner_named_type().to_string()));
            }
            _ => {}
        }
    }
    reached
}
