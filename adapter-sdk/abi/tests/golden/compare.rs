//! Compares two texts of facts, of which the later one may only append. What the facts are is the business of who writes
//! them down.
//!
//! A section is a head and the lines indented below it. A later text has every section and every fact of the earlier one,
//! each fact in its place; more facts stand behind the last one of a section whose head says `may grow`, and more
//! sections anywhere, since what an earlier text does not name cannot be in its way.

use std::{env, fs, path::Path};

/// Checks a text against those that were written down for this and for earlier versions.
///
/// They are `NAME-MAJOR.MINOR.txt` in the folder, one for each version that has one. With `UPDATE_LAYOUT` set, the text is
/// written down for `version`, if it appends to all of them. Panics with a sentence for every fact that does not hold.
pub(crate) fn keep(folder: &Path, name: &str, version: &str, text: &str) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{} cannot be read: {error}", folder.display()));
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let written = files.filter(|file| {
        let file = file.file_name().and_then(|file| file.to_str()).unwrap_or_default();
        file.starts_with(&format!("{name}-")) && file.ends_with(".txt")
    });
    for file in written {
        let earlier =
            fs::read_to_string(&file).unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()));
        let faults = faults(&earlier, text);
        assert!(faults.is_empty(), "{} is a promise:\n{}", file.display(), faults.join("\n"));
    }
    let minor = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
    let present = folder.join(format!("{name}-{minor}.txt"));
    if env::var_os("UPDATE_LAYOUT").is_some() {
        fs::write(&present, text).unwrap_or_else(|error| panic!("{} cannot be written: {error}", present.display()));
    }
    let promised = fs::read_to_string(&present).unwrap_or_default();
    let appended = appended(&promised, text);
    assert!(
        appended.is_empty(),
        "appended, and not written down in {}: raise the package's minor version, then run with UPDATE_LAYOUT=1:\n{}",
        present.display(),
        appended.join("\n")
    );
}

/// Returns a sentence for every place where the later text does more than to append.
pub(crate) fn faults(earlier: &str, later: &str) -> Vec<String> {
    let later = sections(later);
    let mut faults = Vec::new();
    for section in sections(earlier) {
        match later.iter().find(|candidate| candidate.head == section.head) {
            Some(candidate) => faults.extend(fault(&section, candidate)),
            None => faults.push(format!("`{}` is gone, or is called something else now", section.head)),
        }
    }
    faults
}

/// Returns what the later text has behind everything that the earlier one says.
fn appended(earlier: &str, later: &str) -> Vec<String> {
    let earlier = sections(earlier);
    let known = |head: &str| earlier.iter().find(|section| section.head == head).map(|section| section.facts.len());
    let appended = sections(later).into_iter().flat_map(|section| {
        let Section { head, facts } = section;
        match known(head) {
            Some(length) => facts.iter().skip(length).map(|fact| format!("`{fact}` of `{head}`")).collect(),
            None => vec![format!("`{head}`")],
        }
    });
    appended.collect()
}

struct Section<'a> {
    head: &'a str,
    facts: Vec<&'a str>,
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match (line.strip_prefix("  "), sections.last_mut()) {
            (Some(fact), Some(section)) => section.facts.push(fact),
            _ => sections.push(Section { head: line, facts: Vec::new() }),
        }
    }
    sections
}

/// Says what is wrong with a section; the first fault is the only one, since it moves all that follows.
fn fault(earlier: &Section<'_>, later: &Section<'_>) -> Option<String> {
    let head = earlier.head;
    for (index, fact) in earlier.facts.iter().enumerate() {
        let found = later.facts.get(index);
        if found == Some(fact) {
            continue;
        }
        let now = found.map_or_else(|| "nothing".to_owned(), |found| format!("`{found}`"));
        return Some(if later.facts.contains(fact) {
            format!("`{fact}` of `{head}` has moved: {now} stands in its place")
        } else {
            format!("`{fact}` of `{head}` is gone or was changed: {now} stands in its place")
        });
    }
    let more = later.facts.get(earlier.facts.len())?;
    let grows = head.ends_with(", may grow");
    (!grows).then(|| format!("`{more}` was appended to `{head}`, which cannot grow"))
}
