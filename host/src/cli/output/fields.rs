//! `--fields a,b.c`: which parts of a ticket are wanted.

use std::str::FromStr;

use super::error::ErrorReport;
use super::known_fields::{Known, Shape, TICKET};

/// The parts of a ticket that are wanted, in the order asked; the names are known to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    paths: Vec<Vec<String>>,
    tree: Vec<Wanted>,
}

/// A wanted field, and what is wanted of it; nothing named: all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) below: Vec<Wanted>,
}

impl Fields {
    /// Reads a list of dotted paths; a name that no ticket has is an error that lists the names there are.
    pub fn parse(text: &str) -> Result<Self, ErrorReport> {
        let paths: Vec<Vec<String>> = text.split(',').map(parse_path).collect::<Result<_, _>>()?;
        let mut tree = Vec::new();
        for path in &paths {
            insert(&mut tree, path);
        }
        Ok(Self { paths, tree })
    }

    /// Returns the paths as they were asked.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.paths.iter().map(|path| path.join("."))
    }

    pub(super) fn paths(&self) -> &[Vec<String>] {
        &self.paths
    }

    pub(super) fn tree(&self) -> &[Wanted] {
        &self.tree
    }
}

impl FromStr for Fields {
    type Err = ErrorReport;

    fn from_str(text: &str) -> Result<Self, ErrorReport> {
        Self::parse(text)
    }
}

fn parse_path(path: &str) -> Result<Vec<String>, ErrorReport> {
    let names: Vec<String> = path.trim().split('.').map(|name| name.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return Err(ErrorReport::usage(format!("`{}` is not a field of a ticket", path.trim()))
            .with_hint("Fields are written like `key,status.category,assignees.display_name`."));
    }
    let mut shape = Shape::Of(TICKET);
    for (depth, name) in names.iter().enumerate() {
        let known = match shape {
            Shape::Free => break,
            Shape::Value => {
                let above = names[..depth].join(".");
                return Err(unknown(path).with_hint(format!("`{above}` is a value and has no fields.")));
            }
            Shape::Of(known) => known,
        };
        shape = match known.binary_search_by_key(&name.as_str(), |(name, _)| name) {
            Ok(index) => known[index].1,
            Err(_) => return Err(unknown(path).with_hint(choices(&names[..depth], known))),
        };
    }
    Ok(names)
}

fn unknown(path: &str) -> ErrorReport {
    ErrorReport::usage(format!("a ticket has no field `{}`", path.trim()))
}

fn choices(above: &[String], known: &[Known]) -> String {
    let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
    match above {
        [] => format!("The fields are: {}.", names.join(", ")),
        above => format!("The fields of `{}` are: {}.", above.join("."), names.join(", ")),
    }
}

/// Puts a path into the tree, beside what it shares names with; the whole of a field includes its parts.
fn insert(tree: &mut Vec<Wanted>, path: &[String]) {
    let Some((name, rest)) = path.split_first() else {
        return;
    };
    match tree.iter_mut().find(|wanted| wanted.name == *name) {
        Some(wanted) if rest.is_empty() => wanted.below.clear(),
        Some(wanted) if wanted.below.is_empty() => {}
        Some(wanted) => insert(&mut wanted.below, rest),
        None => {
            let mut wanted = Wanted { name: name.clone(), below: Vec::new() };
            insert(&mut wanted.below, rest);
            tree.push(wanted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_is_answered_with_the_names_there_are() {
        let error = Fields::parse("key,titel").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert_eq!(error.message, "a ticket has no field `titel`");
        let hint = error.hint.unwrap();
        assert!(hint.starts_with("The fields are: aliases, assignees, attachments, body,"), "{hint}");

        let error = Fields::parse("status.catgory").unwrap_err();
        assert_eq!(error.hint.unwrap(), "The fields of `status` are: category, is_open, native.".into());
        let error = Fields::parse("status.native.name.first").unwrap_err();
        assert_eq!(error.hint.unwrap(), "`status.native.name` is a value and has no fields.".into());
    }

    #[test]
    fn what_platforms_and_administrators_made_up_is_free() {
        for path in ["custom_fields.value.x.y", "raw.main.fields.summary", "completeness.notes.loaded"] {
            assert_eq!(Fields::parse(path).unwrap().names().collect::<Vec<_>>(), [path]);
        }
    }

    #[test]
    fn empty_names_are_refused_and_spaces_do_not_matter() {
        for text in ["", "key,", "status..category", ".key"] {
            assert!(Fields::parse(text).is_err(), "{text}");
        }
        assert_eq!(Fields::parse(" key , status.category ").unwrap().names().count(), 2);
    }

    #[test]
    fn paths_that_share_names_stand_together_and_the_whole_includes_its_parts() {
        let tree = |text: &str| {
            let fields = Fields::parse(text).unwrap();
            let shown = |wanted: &Wanted| {
                let below: Vec<_> = wanted.below.iter().map(|below| below.name.as_str()).collect();
                format!("{}({})", wanted.name, below.join(" "))
            };
            fields.tree().iter().map(shown).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(tree("status.native,key,status.category"), "status(native category) key()");
        assert_eq!(tree("status.native,status"), "status()");
        assert_eq!(tree("status,status.native"), "status()");
    }
}
