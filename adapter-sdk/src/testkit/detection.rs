//! What a pasted text means by an adapter's tables, compared with what it should mean.

use usher_adapter_manifest::{
    Manifest, Needs,
    detect::{Detector, Reference},
    reference::{Input, parse_reference},
};

use crate::{Result, model::TicketKey};

/// A text, and what it means: `("https://acme.example/t/7#note-3", "ACME-7, note 3")`.
///
/// Behind the key stand, in this order and where they are so: `native` (it is an id for which the adapter must ask
/// for the key), `note N`, and `needs project`, `needs connection`, `needs default-project` or `needs default`.
pub type Meaning<'a> = (&'a str, &'a str);

/// The detection tables of an `adapter.toml`, with the connections that a test pretends to have.
///
/// What is checked is what a host does with a text that somebody pastes. Every difference is named, not only the first.
///
/// ```
/// # use usher_adapter_sdk::{Error, Result, model::TicketKey};
/// use usher_adapter_sdk::testkit::Detection;
///
/// let detection = Detection::new(
///     r#"
///     manifest = 1
///     id = "acme"
///     name = "Acme"
///     operations = ["get"]
///
///     [[detect.url]]
///     hosts = ["acme.example"]
///     path = "/tickets/{number}"
///     key = "ACME-{number}"
///
///     [[detect.id]]
///     pattern = 'ACME-(?<number>[1-9][0-9]*)'
///     key = "ACME-{number}"
///     needs = "connection"
///     "#,
/// );
/// # fn parse(key: &TicketKey) -> Result<()> { key.as_str().strip_prefix("ACME-").map(drop).ok_or_else(|| Error::not_found(key)) }
/// let links = [("https://acme.example/tickets/7", "ACME-7"), ("<https://acme.example/tickets/7?tab=log>.", "ACME-7")];
/// detection.assert_meanings(&links);
/// detection.assert_meanings(&[("ACME-7", "ACME-7, needs connection")]);
/// detection.assert_nothing(&["https://acme.example.evil.example/tickets/7", "ACME-0", "fix ACME-7"]);
/// detection.assert_keys(&links, |key| parse(key));
/// ```
#[derive(Debug)]
pub struct Detection {
    manifest: Manifest,
    connections: Vec<String>,
    default_project: Option<String>,
}

impl Detection {
    /// Reads an `adapter.toml`, without any connection.
    ///
    /// # Panics
    ///
    /// Where the manifest has a fault.
    #[track_caller]
    pub fn new(manifest: &str) -> Self {
        let manifest = Manifest::parse(manifest).unwrap_or_else(|fault| panic!("the manifest has a fault: {fault}"));
        Self { manifest, connections: Vec::new(), default_project: None }
    }

    /// Adds connections, by their base URLs: links below these are the adapter's too.
    #[must_use]
    pub fn with_connections(mut self, base_urls: &[&str]) -> Self {
        self.connections.extend(base_urls.iter().map(|base_url| (*base_url).to_owned()));
        self
    }

    /// Sets the default project of the connection, which short ids are completed by.
    #[must_use]
    pub fn with_default_project(mut self, project: &str) -> Self {
        self.default_project = Some(project.to_owned());
        self
    }

    /// Returns the manifest, for what else is to be said of it.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Asserts that each text means that ticket and no other.
    ///
    /// # Panics
    ///
    /// Where one means another, several or none; and where there is nothing to look at.
    #[track_caller]
    pub fn assert_meanings(&self, table: &[Meaning<'_>]) {
        assert!(!table.is_empty(), "a table without a row says nothing");
        report(table.iter().filter_map(|(text, expected)| {
            let found: Vec<String> = self.find(text).iter().map(meaning).collect();
            (found != [*expected]).then(|| format!("`{text}` means {}, and not `{expected}`", told(&found)))
        }));
    }

    /// Asserts that no text means a ticket: other pages, look-alikes, and what is no id.
    ///
    /// # Panics
    ///
    /// Where one means something; and where there is nothing to look at.
    #[track_caller]
    pub fn assert_nothing(&self, texts: &[&str]) {
        assert!(!texts.is_empty(), "a table without a row says nothing");
        report(texts.iter().filter_map(|text| {
            let found: Vec<String> = self.find(text).iter().map(meaning).collect();
            (!found.is_empty()).then(|| format!("`{text}` means {}, and should mean nothing", told(&found)))
        }));
    }

    /// Asserts that whatever the texts mean is a key that the adapter reads.
    ///
    /// # Panics
    ///
    /// Where `parse` refuses one; and where nothing is detected at all.
    #[track_caller]
    pub fn assert_keys(&self, table: &[Meaning<'_>], parse: impl Fn(&TicketKey) -> Result<()>) {
        let found: Vec<(&str, TicketKey)> = table
            .iter()
            .flat_map(|(text, _)| self.find(text).into_iter().map(move |found| (*text, found.key.into())))
            .collect();
        assert!(!found.is_empty(), "a table in which nothing is detected says nothing");
        report(found.iter().filter_map(|(text, key)| {
            let error = parse(key).err()?;
            Some(format!("`{text}` means `{key}`, which the adapter does not read: {error}"))
        }));
    }

    /// Returns what a text means, as a host asks: a link by the rows for links, anything else by those for ids.
    fn find(&self, text: &str) -> Vec<Reference> {
        let detector = Detector::new(&self.manifest.detect);
        match parse_reference(text) {
            Ok(Input::Url(url)) => {
                let mut addresses = Vec::new();
                for base_url in &self.connections {
                    let Ok(Input::Url(base_url)) = parse_reference(base_url) else {
                        panic!("the base URL `{base_url}` of a connection is no URL");
                    };
                    addresses.extend(self.manifest.base_url.iter().flat_map(|it| it.addresses(&base_url)));
                }
                detector.url(&url, &addresses).into_iter().collect()
            }
            Ok(Input::Id(id)) => detector.id(&id, self.default_project.as_deref()),
            // What cannot be a reference, an empty text for one, means nothing.
            _ => Vec::new(),
        }
    }
}

#[track_caller]
fn report(wrong: impl Iterator<Item = String>) {
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn meaning(found: &Reference) -> String {
    let native = found.native.then(|| "native".to_owned());
    let note = found.note.as_ref().map(|note| format!("note {note}"));
    [Some(found.key.clone()), native, note, needs(found.needs)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn needs(needs: Needs) -> Option<String> {
    if needs == Needs::Nothing {
        return None;
    }
    // The word that stands in the manifest.
    let word = serde_json::to_value(needs).ok();
    Some(format!("needs {}", word.as_ref().and_then(|word| word.as_str()).unwrap_or("what has no word")))
}

fn told(found: &[String]) -> String {
    match found {
        [] => "nothing".to_owned(),
        found => found.iter().map(|found| format!("`{found}`")).collect::<Vec<_>>().join(" and "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    const MANIFEST: &str = r##"
manifest = 1
id = "acme"
name = "Acme"
operations = ["get"]

[base_url]
required = true

[[detect.url]]
hosts = ["connection"]
path = "/t/{number}"
fragment = 'note-(?<note>[0-9]+)'
key = "ACME-{number}"
native = true

[[detect.id]]
pattern = '#(?<number>[1-9][0-9]*)'
key = "{default_project}-{number}"
needs = "default-project"

[[detect.id]]
pattern = '(?<project>[A-Z]+)-(?<number>[1-9][0-9]*)'
key = "{project}-{number}"
project = "{project}"
needs = "project"
"##;

    fn detection() -> Detection {
        Detection::new(MANIFEST).with_connections(&["https://acme.example/tracker"]).with_default_project("ACME")
    }

    fn failure(assertion: impl FnOnce() + std::panic::UnwindSafe) -> String {
        *std::panic::catch_unwind(assertion).unwrap_err().downcast::<String>().unwrap()
    }

    #[test]
    fn a_text_means_a_key_and_what_has_to_be_known_of_it() {
        let table = [
            ("https://acme.example/tracker/t/7#note-3", "ACME-7, native, note 3"),
            ("#7", "ACME-7, needs default-project"),
            ("A-7", "A-7, needs project"),
        ];
        detection().assert_meanings(&table);
        detection().assert_keys(&table, |_| Ok(()));
        detection().assert_nothing(&["", "https://acme.example/t/7", "https://user@acme.example/tracker/t/7", "A-0"]);
    }

    #[test]
    fn every_difference_is_named() {
        let told = failure(|| detection().assert_meanings(&[("A-7", "A-8"), ("#7", "ACME-7"), ("x", "X-1")]));
        let expected = "`A-7` means `A-7, needs project`, and not `A-8`\n\
                        `#7` means `ACME-7, needs default-project`, and not `ACME-7`\n\
                        `x` means nothing, and not `X-1`";
        assert_eq!(told, expected);
        let told = failure(|| detection().assert_nothing(&["x", "A-7"]));
        assert_eq!(told, "`A-7` means `A-7, needs project`, and should mean nothing");
        let told = failure(|| detection().assert_keys(&[("A-7", "")], |key| Err(Error::not_found(key))));
        assert!(told.starts_with("`A-7` means `A-7`, which the adapter does not read: "), "{told}");
    }

    #[test]
    fn an_empty_table_is_no_proof() {
        failure_of_nothing(|| detection().assert_meanings(&[]));
        failure_of_nothing(|| detection().assert_nothing(&[]));
        failure_of_nothing(|| detection().assert_keys(&[("x", "")], |_| Ok(())));
    }

    fn failure_of_nothing(assertion: impl FnOnce() + std::panic::UnwindSafe) {
        let told = std::panic::catch_unwind(assertion).unwrap_err();
        assert!(told.downcast_ref::<&str>().is_some_and(|told| told.ends_with("says nothing")));
    }
}
