//! Requests as monday.com wants them, and answers that hold data.

use std::fmt::Display;

use serde::{Deserialize, Serialize};
use usher_adapter_sdk::{
    Result,
    host::{Effect, FileSource, Request, Response},
    message::NewAttachment,
};

use crate::{Monday, documents::Document, error};

/// The version of the API that every request names: what its schema says is what our documents were checked against.
pub(crate) const API_VERSION: &str = "2026-10";

/// The body of every request: <https://developer.monday.com/api-reference/docs/introduction-to-graphql>
#[derive(Serialize)]
struct Body<'a, V> {
    query: &'a str,
    variables: &'a V,
}

impl Monday {
    /// Sends a document with its variables; `data` reads the answer.
    pub(crate) async fn ask<V: Serialize + Sync>(&self, document: Document, variables: &V) -> Result<Response> {
        let request = self.request(&["v2"], document)?;
        self.host.http(request.json(&Body { query: document.text, variables })?).await
    }

    /// Sends a document with a file, as a form: the file is the variable `file`.
    pub(crate) async fn send<V: Serialize + Sync>(
        &self,
        document: Document,
        variables: &V,
        file: &NewAttachment,
        source: &FileSource,
    ) -> Result<Response> {
        let variables = usher_adapter_sdk::model::Json::of(variables)?;
        let request = self.request(&["v2", "file"], document)?;
        let request = request.form_text("query", document.text).form_text("variables", variables.as_str()).form_file(
            "variables[file]",
            file,
            source,
        );
        self.host.http(request).await
    }

    /// Reads the data of an answer, or the error that came in its place; about what it was is for people.
    pub(crate) fn data<'a, T: Deserialize<'a>>(&self, response: &'a Response, about: &dyn Display) -> Result<T> {
        error::checked(response, about)
    }

    fn request(&self, path: &[&str], document: Document) -> Result<Request> {
        let effect = if document.is_write { Effect::Write } else { Effect::Read };
        let request = Request::post(self.host.base_url()?).path(path)?.effect(effect);
        Ok(document.class.into_iter().fold(request, Request::class).header("api-version", API_VERSION))
    }
}
