//! The cut itself: everything goes that leads to what is not kept, and all prose.

use std::collections::BTreeSet;

use apollo_compiler::{
    Name, Node, Schema,
    ast::{FieldDefinition, InputValueDefinition},
    collections::{IndexMap, IndexSet},
    schema::{Component, ComponentName, ExtendedType},
};

use crate::platforms::{Platform, Queries};

/// Types of the language itself, which some schemas define once more although the language forbids it.
const OF_THE_LANGUAGE: &[&str] = &["Boolean", "Float", "ID", "Int", "String"];

/// Returns a schema as far as it is kept.
pub(crate) fn cut(platform: &Platform, text: &str) -> String {
    let text = without_redefinitions(text);
    let mut schema = Schema::parse(text, "schema.graphql").unwrap_or_else(|wrong| panic!("{}", wrong.errors));
    let named = |is_wanted: fn(&ExtendedType) -> bool| -> BTreeSet<String> {
        schema.types.iter().filter(|(_, kind)| is_wanted(kind)).map(|(name, _)| name.to_string()).collect()
    };
    let inputs = named(|kind| matches!(kind, ExtendedType::InputObject(_)));
    let words = named(|kind| matches!(kind, ExtendedType::Enum(_) | ExtendedType::Scalar(_)));
    let kept = |name: &str| {
        platform.keeps(name) || words.contains(name) || inputs.contains(name) && platform.keeps_filter(name)
    };
    schema.schema_definition.make_mut().subscription = None;
    schema.directive_definitions.retain(|_, definition| definition.is_built_in());
    for kind in schema.types.values_mut().filter(|kind| !kind.is_built_in()) {
        trim(kind, platform, &kept);
    }
    let reached = reached(&schema);
    schema.types.retain(|name, kind| kind.is_built_in() || reached.contains(name.as_str()));
    let schema = schema.validate().unwrap_or_else(|wrong| panic!("{}", wrong.errors));
    schema.to_string()
}

/// Gives types that are defined although they are the language's another name, which nothing uses.
fn without_redefinitions(text: &str) -> String {
    let mut text = text.replace(" __", " ByHand").replace("[__", "[ByHand");
    for name in OF_THE_LANGUAGE {
        text = text.replace(&format!("\nscalar {name}\n"), &format!("\nscalar {name}ByHand\n"));
    }
    text
}

impl Platform {
    fn keeps(&self, name: &str) -> bool {
        let held = name.strip_suffix("Connection").or_else(|| name.strip_suffix("Edge")).unwrap_or(name);
        self.types.contains(&held)
    }

    /// A filter over what is not kept is left out; every other input stays.
    fn keeps_filter(&self, name: &str) -> bool {
        let Some(of) = name.strip_suffix("Filter") else { return true };
        let of = of.strip_prefix("Nullable").unwrap_or(of);
        self.types.contains(&of.strip_suffix("Collection").unwrap_or(of))
    }

    fn has(&self, root: &str, field: &str) -> bool {
        match (root, &self.queries) {
            ("Mutation", _) => self.mutations.contains(&field),
            ("Query", Queries::Only(queries)) => queries.contains(&field),
            ("Query", Queries::AllBut(others)) => !others.contains(&field),
            _ => true,
        }
    }
}

/// Takes everything out of a type that leads to what is not kept, and its prose.
fn trim(kind: &mut ExtendedType, platform: &Platform, kept: &impl Fn(&str) -> bool) {
    match kind {
        ExtendedType::Object(object) => {
            let object = object.make_mut();
            let root = object.name.clone();
            object.description = None;
            object.directives.clear();
            object.fields.retain(|name, _| platform.has(&root, name));
            if !platform.keeps(&root) {
                object.implements_interfaces.clear();
            }
            trim_fields(&mut object.fields, &mut object.implements_interfaces, kept);
        }
        ExtendedType::Interface(interface) => {
            let interface = interface.make_mut();
            interface.description = None;
            interface.directives.clear();
            trim_fields(&mut interface.fields, &mut interface.implements_interfaces, kept);
        }
        ExtendedType::InputObject(input) => {
            let input = input.make_mut();
            input.description = None;
            input.fields.retain(|_, field| kept(field.ty.inner_named_type()));
            input.fields.values_mut().for_each(|field| trim_value(field.make_mut()));
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
        ExtendedType::Union(_) => {}
    }
}

fn trim_fields(
    fields: &mut IndexMap<Name, Component<FieldDefinition>>,
    interfaces: &mut IndexSet<ComponentName>,
    kept: &impl Fn(&str) -> bool,
) {
    interfaces.retain(|interface| kept(&interface.name));
    fields.retain(|_, field| kept(field.ty.inner_named_type()));
    for field in fields.values_mut() {
        let field = field.make_mut();
        field.description = None;
        field.directives.clear();
        field.arguments.retain(|argument| kept(argument.ty.inner_named_type()));
        field
            .arguments
            .iter_mut()
            .for_each(|argument: &mut Node<InputValueDefinition>| trim_value(argument.make_mut()));
    }
}

fn trim_value(value: &mut InputValueDefinition) {
    value.description = None;
    value.directives.clear();
}

/// Returns the names of the types that queries and mutations lead to; an interface leads to its implementers.
fn reached(schema: &Schema) -> BTreeSet<String> {
    let implementers = schema.implementers_map();
    let mut open = vec!["Query".to_owned(), "Mutation".to_owned()];
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !reached.insert(name.clone()) {
            continue;
        }
        match schema.types.get(name.as_str()) {
            Some(ExtendedType::Object(object)) => open.extend(named_in(&object.fields)),
            Some(ExtendedType::Interface(interface)) => {
                open.extend(named_in(&interface.fields));
                let known = implementers.get(name.as_str());
                open.extend(known.into_iter().flat_map(|known| known.iter()).map(|name| name.to_string()));
            }
            Some(ExtendedType::InputObject(input)) => {
                open.extend(input.fields.values().map(|field| field.ty.inner_named_type().to_string()));
            }
            _ => {}
        }
    }
    reached
}

fn named_in(fields: &IndexMap<Name, Component<FieldDefinition>>) -> impl Iterator<Item = String> {
    fields.values().flat_map(|field| {
        let arguments = field.arguments.iter().map(|argument| argument.ty.inner_named_type().to_string());
        std::iter::once(field.ty.inner_named_type().to_string()).chain(arguments)
    })
}
