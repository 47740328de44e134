//! Checks of the detection tables: every template is fed by captures of its own row.

use super::{Fault, plain};
use crate::config::ConfigField;
use crate::error::unknown;
use crate::pattern::Pattern;
use crate::source::{DetectSource, IdSource, UrlSource};
use crate::tables::{Detect, IdPattern, Needs, UrlPattern};
use crate::template::Template;
use std::collections::BTreeMap;
use toml::Spanned;

/// The slot that an id row may use when it needs a default project.
const DEFAULT_PROJECT: &str = "default_project";

pub(super) fn tables(source: DetectSource, config: &[ConfigField]) -> Result<Detect, Fault> {
    used_captures(&source)?;
    let entries = source.captures.into_iter();
    let captures: BTreeMap<String, Pattern> = entries.map(|(name, pattern)| (name.into_inner(), pattern)).collect();
    let urls = source.url.into_iter();
    let ids = source.id.into_iter();
    Ok(Detect {
        urls: urls.map(|row| url_row(row, &captures, config)).collect::<Result<_, _>>()?,
        ids: ids.map(|row| id_row(row, config)).collect::<Result<_, _>>()?,
        captures,
    })
}

/// Checks that each entry of `[detect.captures]` speaks of a capture that exists.
fn used_captures(source: &DetectSource) -> Result<(), Fault> {
    let mut used: Vec<&str> = source
        .url
        .iter()
        .flat_map(|row| {
            let hosts = row.hosts.get_ref().iter();
            row.path.get_ref().captures().chain(hosts.flat_map(|host| host.captures()))
        })
        .collect();
    used.sort_unstable();
    used.dedup();
    let stranger = source.captures.keys().find(|name| !used.contains(&name.get_ref().as_str()));
    stranger.map_or(Ok(()), |name| {
        let message = unknown("capture of a path or host", name.get_ref(), &used);
        Err((name.span(), message))
    })
}

fn url_row(row: UrlSource, captures: &BTreeMap<String, Pattern>, config: &[ConfigField]) -> Result<UrlPattern, Fault> {
    if row.hosts.get_ref().is_empty() {
        let message = "empty `hosts`, expected host names or `connection`, `any`, `none`";
        return Err((row.hosts.span(), message.to_owned()));
    }
    let certain = certain_captures(&row, captures)?;
    let names: Vec<&str> = certain.iter().map(String::as_str).collect();
    fed(&row.key, &names)?;
    if let Some(project) = &row.project {
        fed(project, &names)?;
    }
    requirements(&row.requires, &names, config)?;
    let needs = needs(row.needs, row.project.is_some())?;
    if let (Needs::DefaultProject, span) = &needs {
        let message = "`default-project` is for bare ids; a URL row names its project";
        return Err((span.clone(), message.to_owned()));
    }
    Ok(UrlPattern {
        schemes: schemes(row.schemes)?,
        separators: separators(row.separators)?,
        hosts: row.hosts.into_inner(),
        path: row.path.into_inner(),
        ignore_case: row.ignore_case,
        decode: row.decode,
        query: row.query,
        query_hint: row.query_hint,
        fragment: row.fragment,
        key: row.key.into_inner(),
        project: row.project.map(Spanned::into_inner),
        native: row.native,
        needs: needs.0,
        requires: plain(row.requires),
    })
}

/// Returns the captures that a row has whenever it fits: not those of hints, nor of one host among several.
fn certain_captures(row: &UrlSource, captures: &BTreeMap<String, Pattern>) -> Result<Vec<String>, Fault> {
    let mut outer: Vec<&str> = row.path.get_ref().captures().collect();
    let hosts = row.hosts.get_ref();
    for name in hosts[0].captures() {
        if hosts.iter().all(|host| host.captures().any(|other| other == name)) {
            outer.push(name);
        }
    }
    let inner = outer.iter().filter_map(|name| captures.get(*name));
    let groups = inner.chain(row.query.values()).flat_map(Pattern::groups);
    let mut all: Vec<String> = groups.cloned().collect();
    all.extend(outer.into_iter().map(str::to_owned));
    all.sort_unstable();
    match all.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err((row.path.span(), format!("capture `{}` is there twice in this row", pair[0]))),
        None => Ok(all),
    }
}

fn schemes(source: Option<Spanned<Vec<String>>>) -> Result<Vec<String>, Fault> {
    let Some(source) = source else {
        return Ok(vec!["https".to_owned(), "http".to_owned()]);
    };
    let is_scheme = |text: &String| {
        text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.'))
    };
    let valid = !source.get_ref().is_empty() && source.get_ref().iter().all(is_scheme);
    if valid {
        return Ok(source.into_inner());
    }
    let message = "`schemes` are URL schemes in lower case without `://`, such as `https`";
    Err((source.span(), message.to_owned()))
}

fn separators(source: Option<Spanned<String>>) -> Result<String, Fault> {
    match source {
        None => Ok("&".to_owned()),
        Some(text) if matches!(text.get_ref().as_str(), "&" | ";" | "&;" | ";&") => Ok(text.into_inner()),
        Some(text) => Err((text.span(), "`separators` are `&`, `;` or `&;`".to_owned())),
    }
}

fn id_row(row: IdSource, config: &[ConfigField]) -> Result<IdPattern, Fault> {
    let groups = row.pattern.get_ref().groups();
    let mut names: Vec<&str> = groups.iter().map(String::as_str).collect();
    requirements(&row.requires, &names, config)?;
    let needs = needs(row.needs, row.project.is_some())?.0;
    if needs == Needs::DefaultProject {
        names.push(DEFAULT_PROJECT);
    }
    fed(&row.key, &names)?;
    if let Some(project) = &row.project {
        fed(project, &names)?;
    }
    Ok(IdPattern {
        pattern: row.pattern.into_inner(),
        length: row.length,
        key: row.key.into_inner(),
        project: row.project.map(Spanned::into_inner),
        native: row.native,
        needs,
        requires: plain(row.requires),
    })
}

/// Checks that a template names captures only.
fn fed(template: &Spanned<Template>, captures: &[&str]) -> Result<(), Fault> {
    let mut names = template.get_ref().names();
    match names.find(|name| !captures.contains(name)) {
        Some(name) => Err((template.span(), unknown("capture", name, captures))),
        None => Ok(()),
    }
}

/// Checks that each required name is a capture and an option.
fn requirements(requires: &[Spanned<String>], captures: &[&str], config: &[ConfigField]) -> Result<(), Fault> {
    let fields: Vec<&str> = config.iter().map(|field| field.name.as_str()).collect();
    for name in requires {
        let word = name.get_ref().as_str();
        if !fields.contains(&word) {
            return Err((name.span(), unknown("config field", word, &fields)));
        }
        if !captures.contains(&word) {
            return Err((name.span(), unknown("capture", word, captures)));
        }
    }
    Ok(())
}

/// Returns what a row needs and where it says so.
fn needs(source: Option<Spanned<Needs>>, has_project: bool) -> Result<(Needs, std::ops::Range<usize>), Fault> {
    let Some(source) = source else {
        return Ok((Needs::Nothing, 0..0));
    };
    let span = source.span();
    let needs = source.into_inner();
    if needs == Needs::Project && !has_project {
        let message = "`needs = \"project\"` goes with a `project` template";
        return Err((span, message.to_owned()));
    }
    Ok((needs, span))
}
