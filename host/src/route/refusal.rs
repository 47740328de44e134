//! Why a reference means nothing, and what to try. No message repeats what may be a password.

use usher_adapter_manifest::{Needs, detect::Reference, reference::InputError};
use usher_adapter_sdk::{Error, ErrorKind};

use super::{Target, connections::Unfinished, reference::Search};
use crate::registry::Adapter;

/// How much of a reference a message repeats, in characters.
const SHOWN: usize = 80;

/// Returns as much of a reference as may be repeated: short, without control characters, without what stands before
/// an `@`, and of links neither parameters nor fragment.
pub(super) fn shown(text: &str) -> String {
    let text = text.trim();
    let text = if text.contains("://") { text.split(['?', '#']).next().unwrap_or_default() } else { text };
    let text = match text.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => text.to_owned(),
    };
    let mut shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { '?' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// Returns the error for a text that cannot be a reference.
pub(super) fn input(text: &str, error: &InputError) -> Error {
    match error {
        InputError::Userinfo { .. } => Error::new(ErrorKind::InvalidReference, error.to_string()),
        InputError::Empty => {
            Error::new(ErrorKind::InvalidReference, error.to_string()).with_hint("Give a ticket's link or its id.")
        }
        _ => Error::new(ErrorKind::InvalidReference, format!("`{}`: {error}", shown(text))),
    }
}

/// Returns the error for a kind of input that is newer than this program.
pub(super) fn unknown_input(text: &str) -> Error {
    Error::new(ErrorKind::InvalidReference, format!("`{}` is not a reference", shown(text)))
}

/// Returns the error for a reference that fits several places.
pub(super) fn ambiguous(search: &Search<'_>, text: &str, names: &[&str], what: &str) -> Error {
    let first = names.first().copied().unwrap_or_default();
    let message = format!("`{}` fits several {what}: {}", shown(text), names.join(", "));
    let example = match text.contains("://") {
        true => format!("put `{first}:` before it"),
        false => format!("write `{first}:{}`", shown(text)),
    };
    let hint = format!("Name one: {example}, or add `--in {first}`. Or list each connection's `projects`.");
    Error::new(ErrorKind::AmbiguousReference, message).with_hint(sentences([Some(hint), broken(search)]))
}

/// Returns the error for a link that is no platform's.
pub(super) fn nobody_answers(search: &Search<'_>, host: &str) -> Error {
    let message = match search.within.name() {
        Some(name) => format!("`{name}` does not answer for `{host}`"),
        None => format!("no adapter answers for `{host}`"),
    };
    let hint = "Add a `[connections.NAME]` for it, or drop its adapter into a folder.".to_owned();
    let (installed, configured) = (search.registry.installed(), search.connections.configured());
    Error::new(ErrorKind::PlatformNotSupported, message).with_hint(sentences([
        Some(installed),
        Some(configured),
        Some(hint),
        broken(search),
    ]))
}

/// Returns the error for an id that means no ticket.
pub(super) fn no_such_id(search: &Search<'_>, id: &str) -> Error {
    let text = shown(id);
    let takers: Vec<String> = takers(search, id).map(|target| format!("`{}:{text}`", target.name)).collect();
    if !takers.is_empty() && search.within.name().is_none() {
        let hint = format!(
            "Name its connection, as in {}. Alone it counts for the `default_connection`, or where a connection's \
             `default_project` or `projects` decide.",
            takers.join(" or ")
        );
        return Error::new(ErrorKind::AmbiguousReference, format!("`{text}` alone does not say which ticket is meant"))
            .with_hint(sentences([Some(hint), broken(search)]));
    }
    let message = match search.within.name() {
        Some(name) => format!("`{text}` is no ticket of `{name}`"),
        None => format!("`{text}` is neither a link nor the id of a ticket that can be found"),
    };
    let hint = without_default_project(search, id).or_else(|| known_forms(search, id));
    let hint = hint.unwrap_or_else(|| format!("{} {}", search.registry.installed(), search.connections.configured()));
    Error::new(ErrorKind::InvalidReference, message).with_hint(sentences([Some(hint), broken(search)]))
}

/// Returns the error for an id that may be for the default connection, which is wrong.
pub(super) fn default_is_wrong(id: &str, default: &str, error: Error) -> Error {
    error.context(format_args!("`{}` may be for the default connection `{default}`", shown(id)))
}

/// Returns what to do if a connection to a platform is needed and none fits.
pub(super) fn advice(search: &Search<'_>, adapter: &Adapter, reference: &Reference) -> String {
    let id = adapter.id();
    let others: Vec<&str> = search.targets(adapter).map(|target| target.name.as_str()).collect();
    let others = others.first().map(|first| match reference.needs {
        Needs::Default => format!("It does not say where it is: put `{first}:` before it if it is there."),
        _ => format!("It is elsewhere than {}.", others.join(", ")),
    });
    let add =
        format!("Add `[connections.NAME]` with `adapter = \"{id}\"`; `usher adapter show {id}` says what it needs.");
    sentences([others, Some(add), unfinished(search, adapter, reference), broken(search)])
}

/// Says that an id which was not found may be another platform's, for which the environment has credentials and no more.
pub(super) fn doubt(search: &Search<'_>, id: &str) -> Option<String> {
    search.registry.adapters().filter(|adapter| search.within.allows_platform(adapter)).find_map(|adapter| {
        search.connections.unfinished(adapter.id())?;
        let reference = adapter.detector.id(id, None).into_iter().next()?;
        let advice = advice(search, adapter, &reference);
        Some(format!("It may be a ticket of `{}`, to which there is no connection. {advice}", adapter.id()))
    })
}

/// Says what the environment has for a platform, and what it does not say of it.
fn unfinished(search: &Search<'_>, adapter: &Adapter, reference: &Reference) -> Option<String> {
    let Unfinished { variables, lacks } = search.connections.unfinished(adapter.id())?;
    let lacking = lacks.iter().map(|name| match reference.captures.get(name) {
        Some(value) => format!("`options.{name} = {value:?}`"),
        None => format!("`options.{name}`"),
    });
    let lacking = lacking.collect::<Vec<_>>().join(" and ");
    Some(format!(
        "Its credentials are in `{}`; nothing says {lacking}, which belongs there too.",
        variables.join("`, `")
    ))
}

/// Returns the connections that would take an id if they were named.
fn takers<'a>(search: &Search<'a>, id: &str) -> impl Iterator<Item = &'a Target> {
    search.connections.usable().filter(move |target| {
        let references = target.adapter.detector.id(id, target.default_project.as_deref());
        references.iter().any(|reference| reference.agrees_with(|name| target.option_text(name)))
    })
}

/// Says which connections would take an id if they had a default project.
fn without_default_project(search: &Search<'_>, id: &str) -> Option<String> {
    let adapters = search.registry.adapters();
    let targets = adapters.flat_map(|adapter| search.targets(adapter));
    let lacking = targets.filter(|target| {
        let references = target.adapter.detector.id(id, Some("project"));
        target.default_project.is_none() && references.iter().any(|reference| reference.needs == Needs::DefaultProject)
    });
    let lacking: Vec<&str> = lacking.map(|target| target.name.as_str()).collect();
    (!lacking.is_empty()).then(|| format!("Give the whole key, or set `default_project` of {}.", lacking.join(", ")))
}

/// Says which platforms have ids of that form.
fn known_forms(search: &Search<'_>, id: &str) -> Option<String> {
    let knows = |adapter: &&std::sync::Arc<Adapter>| {
        search.within.allows_platform(adapter) && !adapter.detector.id(id, Some("project")).is_empty()
    };
    let known: Vec<_> = search.registry.adapters().filter(knows).collect();
    let ids: Vec<&str> = known.iter().map(|adapter| adapter.id()).collect();
    let unfinished = known.iter().find_map(|adapter| {
        let reference = adapter.detector.id(id, Some("project")).into_iter().next()?;
        unfinished(search, adapter, &reference)
    });
    (!ids.is_empty()).then(|| {
        let form = format!(
            "It has the form of a ticket of {}: add a `[connections.NAME]` for the one it is.",
            ids.join(" or ")
        );
        // An adapter that is not used may be the one that is meant.
        sentences([Some(form), unfinished, Some(search.registry.installed())])
    })
}

/// Says which connections are wrong and were not asked.
fn broken(search: &Search<'_>) -> Option<String> {
    let broken = search.connections.all().filter(|(_, target)| target.is_err()).map(|(name, _)| name);
    let broken: Vec<&str> = broken.collect();
    (!broken.is_empty())
        .then(|| format!("Wrong, and therefore not asked: {} (see `usher config validate`).", broken.join(", ")))
}

fn sentences<const N: usize>(sentences: [Option<String>; N]) -> String {
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
