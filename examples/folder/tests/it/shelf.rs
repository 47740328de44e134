//! A folder for one test.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use usher_adapter_sdk::{
    Result,
    host::Connection,
    message::{Criteria, Cursor, Include, Page},
    model::Ticket,
    testkit::{Kit, TestHost},
};
use usher_example_folder::Folder;

/// A folder that is removed with its test.
pub(crate) struct Shelf(TempDir);

impl Shelf {
    /// Returns an empty folder.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Returns a folder with one ticket of each title, `SHOP-1` first.
    pub(crate) fn with_titles(titles: &[&str]) -> Self {
        let shelf = Self::new();
        for (place, title) in titles.iter().enumerate() {
            shelf.put(&format!("SHOP-{}", place + 1), &format!("title: {title}"), "");
        }
        shelf
    }

    /// Returns the folder's path.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Returns the path of a ticket's file.
    pub(crate) fn file(&self, key: &str) -> PathBuf {
        self.path().join(format!("{key}.md"))
    }

    /// Writes a ticket's file.
    pub(crate) fn put(&self, key: &str, front: &str, below: &str) {
        fs::write(self.file(key), format!("---\n{front}\n---\n{below}")).unwrap();
    }

    /// Returns the text of a ticket's file.
    pub(crate) fn text(&self, key: &str) -> String {
        fs::read_to_string(self.file(key)).unwrap()
    }

    /// Returns the adapter for this folder, as Mara uses it.
    pub(crate) fn kit(&self) -> Kit {
        kit(self.path(), r#","me":"mara""#)
    }

    /// Returns the adapter with small pages.
    pub(crate) fn kit_with_pages_of(&self, size: u32) -> Kit {
        kit(self.path(), &format!(r#","page_size":{size}"#))
    }

    /// Returns the names in the folder and in those below it, with the bytes of the files.
    pub(crate) fn everything(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else if !entry.ends_with(".usher.lock") {
                    found.insert(entry.clone(), fs::read(entry).unwrap());
                }
            }
        }
        found
    }
}

/// Returns the adapter for a folder; the connection's default project is `SHOP`.
pub(crate) fn kit(path: &Path, more: &str) -> Kit {
    let connection = Connection::new("test").with_default_project("SHOP".to_owned());
    let host = TestHost::new().with_connection(connection);
    let path = serde_json::to_string(path).unwrap();
    Kit::new::<Folder>(&format!(r#"{{"path":{path}{more}}}"#), &host).unwrap()
}

/// Reads a list to its end.
pub(crate) fn all_pages(kit: &Kit, criteria: &Criteria, include: Include) -> Result<Vec<Page>> {
    let mut pages = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = kit.fetch(criteria, include, cursor.as_ref())?;
        cursor = page.head().next.first().cloned();
        pages.push(page);
        if cursor.is_none() {
            return Ok(pages);
        }
    }
}

/// Returns the tickets of pages.
pub(crate) fn tickets(pages: &[Page]) -> Vec<Ticket> {
    pages.iter().flat_map(|page| page.tickets().unwrap()).collect()
}

/// Returns the keys of the tickets that fit.
pub(crate) fn keys(kit: &Kit, criteria: &Criteria) -> Vec<String> {
    let pages = all_pages(kit, criteria, Include::SUMMARY).unwrap();
    tickets(&pages).into_iter().map(|ticket| ticket.key.to_string()).collect()
}
