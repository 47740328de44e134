//! A platform's answer, as it was given.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorKind, Result, decode,
    model::{Json, Ticket, word::words},
};

words! {
    /// Which way a raw answer came.
    Source {
        /// From the platform itself.
        Direct = "direct",
        /// From a tool of an MCP server: fields may be missing or renamed.
        Mcp = "mcp",
        /// From a command that prints JSON: fields may be missing or renamed.
        Command = "command",
    }
}

/// One document of an answer, exactly as it was given.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Document {
    /// What it is: `main`, `notes`, `states`, …
    pub name: Cow<'static, str>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One ticket as its platform gives it: a document named `main`, and others beside it.
///
/// `normalize` must work with `main` alone, and leaves unknown what it then cannot know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Raw {
    documents: Vec<Document>,
    revision: Option<String>,
}

impl Raw {
    /// The name of the document that is always there.
    pub const MAIN: &'static str = "main";

    /// Returns an answer of one document.
    pub fn main(bytes: impl Into<Vec<u8>>) -> Self {
        Self::default().with(Self::MAIN, bytes)
    }

    /// Adds a document.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, bytes: impl Into<Vec<u8>>) -> Self {
        self.documents.push(Document { name: name.into(), bytes: bytes.into() });
        self
    }

    /// Says under which tag the platform can be asked again for this answer.
    #[must_use]
    pub fn with_revision(mut self, revision: impl Into<String>) -> Self {
        self.revision = Some(revision.into());
        self
    }

    /// Returns the tag under which the platform can be asked again.
    pub fn revision(&self) -> Option<&str> {
        self.revision.as_deref()
    }

    /// Returns every document.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Returns the bytes of a document, if it is there.
    pub fn document(&self, name: &str) -> Option<&[u8]> {
        self.documents.iter().find(|document| document.name == name).map(|document| &document.bytes[..])
    }

    /// Reads the JSON of a document, if it is there, into a type that may borrow from it.
    pub fn decode<'a, T: Deserialize<'a>>(&'a self, name: &str) -> Result<Option<T>> {
        self.document(name)
            .map(|bytes| decode::json(bytes).map_err(|error| error.context(format_args!("document `{name}`"))))
            .transpose()
    }

    /// Reads the JSON of `main` into a type that may borrow from it.
    pub fn decode_main<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        self.decode(Self::MAIN)?.ok_or_else(Self::without_main)
    }

    /// Returns the text of `main`.
    pub fn main_text(&self) -> Result<&str> {
        let bytes = self.document(Self::MAIN).ok_or_else(Self::without_main)?;
        std::str::from_utf8(bytes).map_err(|error| Error::response_parse(&error))
    }

    fn without_main() -> Error {
        Error::new(ErrorKind::ResponseParse, "the answer has no document `main`")
    }
}

impl Ticket {
    /// Attaches the platform's documents: JSON as it is, anything else as a string.
    ///
    /// For `get` the SDK does this where it was asked for; in pages the adapter does.
    pub fn attach_raw(&mut self, raw: &Raw) -> Result<()> {
        let attached = self.raw.get_or_insert_default();
        for document in raw.documents() {
            let text = String::from_utf8_lossy(&document.bytes);
            let json = match serde_json::from_str::<&serde_json::value::RawValue>(&text) {
                // A ticket is one line; in valid JSON a line break only ever stands between two values.
                Ok(value) => Json::parse(&value.get().replace(['\n', '\r'], " "))?,
                Err(_) => Json::of(&*text)?,
            };
            // The second document of one name is not the first.
            let names = std::iter::once(document.name.clone().into_owned())
                .chain((2..).map(|number| format!("{}-{number}", document.name)));
            let name = names.into_iter().find(|name| !attached.contains_key(name));
            attached.extend(name.map(|name| (name, json)));
        }
        Ok(())
    }
}

/// The names and lengths of documents whose bytes follow one another.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct DocumentList {
    /// The documents in the order of their bytes.
    pub documents: Vec<(Cow<'static, str>, usize)>,
    /// The tag under which the platform can be asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

impl DocumentList {
    /// Takes documents apart into their list, and their bytes one after the other.
    pub fn join(raw: &Raw) -> (Self, Vec<u8>) {
        let mut bytes = Vec::with_capacity(raw.documents.iter().map(|document| document.bytes.len()).sum());
        let documents = raw.documents.iter().map(|document| {
            bytes.extend_from_slice(&document.bytes);
            (document.name.clone(), document.bytes.len())
        });
        let list = Self { documents: documents.collect(), revision: raw.revision.clone() };
        (list, bytes)
    }

    /// Puts the documents together again; lengths that do not fit the bytes are an error.
    pub fn split(&self, mut bytes: &[u8]) -> Result<Raw> {
        let mut raw = Raw { documents: Vec::new(), revision: self.revision.clone() };
        for (name, length) in &self.documents {
            let (document, rest) = bytes.split_at_checked(*length).ok_or_else(|| {
                Error::new(ErrorKind::ResponseParse, format!("the document `{name}` is shorter than announced"))
            })?;
            raw = raw.with(name.clone(), document);
            bytes = rest;
        }
        Ok(raw)
    }
}
