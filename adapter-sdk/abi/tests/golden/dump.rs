//! Writes down what the ABI promises, a line per fact; how two such texts compare is in `compare.rs`.
//!
//! The text has sections. A section is a type that crosses the boundary, or a list of other facts: a head that names it, and
//! its facts indented below, in the order in which they count. The words `may grow` in a head say that facts may be
//! appended to it. Sizes are those of 64-bit systems.

use std::collections::{HashMap, HashSet, VecDeque};

use usher_adapter_abi::{
    ABI_MAJOR, AdapterModuleRef, ENTRY_SYMBOL_PREFIX, STATUS_OK,
    abi_stable::{
        StableAbi,
        library::RootModule,
        type_layout::{TLData, TLEnum, TLField, TLFunction, TLPrefixType, TLPrimitive, TypeLayout},
    },
};

/// Of which field's type it can be told what a generic type holds; abi_stable does not name the parameters themselves.
const TELLING_FIELDS: &[(&str, &str)] = &[
    ("BorrowingFfiFuture", "field_0"),
    ("LocalBorrowingFfiFuture", "poll_fn"),
    ("RBox", "_marker"),
    ("RMut", "_marker"),
    ("RObject", "_marker"),
    ("RObjectVtable", "_sabi_tys"),
    ("RRef", "_marker"),
    ("RSlice", "_marker"),
    ("RVec", "_marker"),
];

/// Returns the facts about everything that is reachable from the root module.
pub(crate) fn dump() -> String {
    let mut text = constants();
    let mut known = HashMap::new();
    let mut seen = HashSet::new();
    let mut waiting = VecDeque::from([<AdapterModuleRef as StableAbi>::LAYOUT]);
    while let Some(layout) = waiting.pop_front() {
        let head = head(layout);
        // The identity alone would take `()` for what abi_stable ignores of a type.
        if !seen.insert((head.clone(), layout.get_utypeid())) {
            continue;
        }
        waiting.extend(reached(layout));
        let facts = facts(layout);
        match known.get(&head) {
            None => {
                text.push_str(&format!("\n{head}\n"));
                facts.iter().for_each(|fact| text.push_str(&format!("  {fact}\n")));
                known.insert(head, facts);
            }
            // A type that is instantiated twice, with what is the same to the boundary, is the same.
            Some(same) => assert!(*same == facts, "two types are called `{head}`: TELLING_FIELDS must tell them apart"),
        }
    }
    text
}

fn constants() -> String {
    let (base, name) = (AdapterModuleRef::BASE_NAME, AdapterModuleRef::NAME);
    format!(
        "constants\n  ABI_MAJOR = {ABI_MAJOR}\n  ENTRY_SYMBOL_PREFIX = {ENTRY_SYMBOL_PREFIX:?}\n  \
         STATUS_OK = {STATUS_OK}\n  BASE_NAME = {base:?}\n  NAME = {name:?}\n"
    )
}

fn head(layout: &'static TypeLayout) -> String {
    let (package, version) = layout.item_info().package_and_version();
    // Within one major version this package may grow; the others are pinned.
    let version = if package == "usher-adapter-abi" { version.split('.').next().unwrap_or(version) } else { version };
    let grows = if layout.is_prefix_kind() { ", may grow" } else { "" };
    format!("type {}, {package} {version}{grows}", typed(layout))
}

/// Returns a type's facts; fields come last, since they are what is appended.
fn facts(layout: &'static TypeLayout) -> Vec<String> {
    let data = layout.data();
    let kind = match &data {
        TLData::Primitive(primitive) => format!("primitive {primitive:?}"),
        TLData::Opaque => "opaque".to_owned(),
        TLData::Struct { .. } => "struct".to_owned(),
        TLData::Union { .. } => "union".to_owned(),
        TLData::Enum(_) => "enum".to_owned(),
        TLData::PrefixType(_) => "prefix type".to_owned(),
    };
    let mut facts = vec![format!("kind: {kind}"), format!("representation: {:?}", layout.repr_attr())];
    // The size of a prefix type is that of the version which made it.
    if !layout.is_prefix_kind() {
        facts.push(format!("size: {}", layout.size()));
    }
    facts.push(format!("alignment: {}", layout.alignment()));
    if layout.is_nonzero() {
        facts.push("never zero".to_owned());
    }
    if let Some(checks) = layout.extra_checks() {
        facts.push(format!("checks: {}", one_line(&checks.to_string())));
    }
    let tag = one_line(&layout.tag().to_string());
    if tag != "null" {
        facts.push(format!("tag: {tag}"));
    }
    facts.extend(layout.phantom_fields().iter().map(|field| format!("phantom {}", field_fact(&field))));
    match &data {
        TLData::Primitive(_) | TLData::Opaque => {}
        TLData::Struct { fields } | TLData::Union { fields } => {
            facts.extend(fields.iter().map(|field| field_fact(&field)));
        }
        TLData::Enum(enumeration) => facts.extend(variants(enumeration)),
        TLData::PrefixType(prefix) => facts.extend(prefix_facts(prefix)),
    }
    facts
}

fn prefix_facts(prefix: &TLPrefixType) -> Vec<String> {
    let fields: Vec<TLField> = prefix.fields.iter().collect();
    let first_suffix = usize::from(prefix.first_suffix_field);
    let last = first_suffix.checked_sub(1).and_then(|last| fields.get(last)).map_or("nothing", |field| field.name());
    let mut facts = vec![format!("always there: up to {last}")];
    let conditional = prefix.conditional_prefix_fields.bits();
    if conditional != 0 {
        facts.push(format!("conditional fields: {conditional:#b}"));
    }
    facts.extend(fields.iter().enumerate().map(|(index, field)| {
        let hidden = if prefix.accessible_fields.at(index).is_accessible() { "" } else { ", not accessible" };
        field_fact(field) + hidden
    }));
    facts
}

fn variants(enumeration: &TLEnum) -> Vec<String> {
    let mut fields = enumeration.fields.iter();
    let mut facts = vec![format!("discriminants: {:?}", enumeration.discriminants)];
    if !enumeration.exhaustiveness.is_exhaustive() {
        facts.push("not exhaustive".to_owned());
    }
    for (name, count) in enumeration.variant_names_iter().zip(enumeration.field_count.iter()) {
        facts.push(format!("variant {name}"));
        facts.extend(fields.by_ref().take(usize::from(*count)).map(|field| format!("{name}: {}", field_fact(&field))));
    }
    facts
}

/// Returns a field's name and type; that of a function is its signature.
fn field_fact(field: &TLField) -> String {
    let functions: Vec<String> = field.function_range().iter().map(|function| signature(&function)).collect();
    let mut fact = match functions.as_slice() {
        [only] if field.is_function() => format!("field {}: {only}", field.name()),
        [] => format!("field {}: {}", field.name(), typed(field.layout())),
        some => format!("field {}: {} with {}", field.name(), typed(field.layout()), some.join(" and ")),
    };
    if !field.lifetime_indices().is_empty() {
        fact.push_str(&format!(", lifetimes {}", one_line(&format!("{:?}", field.lifetime_indices().as_slice()))));
    }
    fact
}

/// Returns a function's signature; abi_stable compares the names of parameters too.
fn signature(function: &TLFunction) -> String {
    let mut names = function.param_names.as_str().split([',', ';']);
    let parameters = function.param_type_layouts.iter().map(|layout| {
        let name = names.next().filter(|name| !name.is_empty()).unwrap_or("_");
        format!("{name}: {}", typed(layout()))
    });
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    let unsafety = if function.fn_qualifs.is_unsafe() { "unsafe " } else { "" };
    let returns = function.return_type_layout().map_or_else(|| "()".to_owned(), |layout| typed(layout()));
    let mut signature = format!("{unsafety}fn({parameters}) -> {returns}");
    if !function.paramret_lifetime_indices.is_empty() {
        let lifetimes = format!("{:?}", function.paramret_lifetime_indices.as_slice());
        signature.push_str(&format!(" where lifetimes are {}", one_line(&lifetimes)));
    }
    signature
}

/// Returns the types that a type's facts name.
fn reached(layout: &'static TypeLayout) -> Vec<&'static TypeLayout> {
    let fields = layout.get_fields().map(|fields| fields.to_vec()).unwrap_or_default();
    let mut reached = Vec::new();
    for field in fields.iter().chain(&layout.phantom_fields().to_vec()) {
        reached.push(field.layout());
        for function in field.function_range() {
            reached.extend(function.param_type_layouts.iter().map(|layout| layout()));
            reached.extend(function.return_type_layout().map(|layout| layout()));
        }
    }
    reached
}

/// Returns a type's name with what it holds.
fn typed(layout: &'static TypeLayout) -> String {
    let generics = layout.generics();
    let lifetimes: Vec<String> = generics.lifetimes().map(str::to_owned).collect();
    let held: Vec<String> = held(layout).into_iter().map(typed).collect();
    let constants: Vec<String> = generics.const_params().iter().map(|constant| format!("{constant:?}")).collect();
    let pointer = match layout.data() {
        TLData::Primitive(TLPrimitive::SharedRef) => Some("&"),
        TLData::Primitive(TLPrimitive::MutRef) => Some("&mut "),
        TLData::Primitive(TLPrimitive::ConstPtr) => Some("*const "),
        TLData::Primitive(TLPrimitive::MutPtr) => Some("*mut "),
        _ => None,
    };
    let arguments = [lifetimes, held.clone(), constants].concat().join(", ");
    match pointer {
        Some(pointer) => format!("{pointer}{}", held.concat()),
        None if arguments.is_empty() => named(layout),
        None => format!("{}<{arguments}>", named(layout)),
    }
}

/// Returns a type's name; those that abi_stable makes for a trait have one name, in modules of their own.
fn named(layout: &'static TypeLayout) -> String {
    match layout.name() {
        "VTable" => format!("{}::VTable", layout.mod_path()),
        name => name.to_owned(),
    }
}

fn held(layout: &'static TypeLayout) -> Vec<&'static TypeLayout> {
    let parameters = layout.generics().type_params();
    if !parameters.is_empty() {
        return parameters.iter().map(|parameter| parameter()).collect();
    }
    let fields = layout.get_fields().map(|fields| fields.to_vec()).unwrap_or_default();
    if matches!(layout.data(), TLData::Enum(_)) {
        return fields.iter().map(TLField::layout).collect();
    }
    let telling = TELLING_FIELDS.iter().find(|(name, _)| *name == layout.name()).map(|(_, field)| *field);
    let Some(field) = fields.iter().find(|field| Some(field.name()) == telling) else { return Vec::new() };
    let functions = field.function_range().iter().filter_map(|function| function.return_type_layout());
    let returned: Vec<_> = functions.map(|layout| layout()).collect();
    if returned.is_empty() { held(field.layout()) } else { returned }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
