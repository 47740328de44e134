//! Requests as Linear wants them, and answers that hold data.

use std::fmt::Display;

use serde::{Deserialize, Serialize};
use usher_adapter_sdk::{
    Result,
    host::{Effect, Request, Response},
};

use crate::{Linear, api::Complaint, documents::Document, error};

/// The body of every request: <https://linear.app/developers/graphql>
#[derive(Serialize)]
struct Body<'a, V> {
    query: &'a str,
    variables: &'a V,
}

impl Linear {
    /// Sends a document with its variables; `data` reads the answer.
    pub(crate) async fn ask<V: Serialize + Sync>(&self, document: Document, variables: &V) -> Result<Response> {
        let effect = if document.is_write { Effect::Write } else { Effect::Read };
        let request = Request::post(self.host.base_url()?).path(["graphql"])?.effect(effect);
        let request = document.class.into_iter().fold(request, Request::class);
        self.host.http(request.json(&Body { query: document.text, variables })?).await
    }

    /// Reads the data of an answer, or the error that came in its place; about what it was is for people.
    pub(crate) fn data<'a, T: Deserialize<'a>>(
        &self,
        response: &'a Response,
        about: &dyn Display,
    ) -> Result<Data<'a, T>> {
        error::checked(response, about, self.host.now())
    }
}

/// The data of an answer, and what of it could not be had.
#[derive(Debug)]
pub(crate) struct Data<'a, T> {
    pub data: T,
    /// Errors of single fields, which then are `null`.
    pub gaps: Vec<Complaint<'a>>,
}

impl<T> Data<'_, T> {
    /// Returns the data where all of it is needed.
    pub(crate) fn whole(self, about: &dyn Display) -> Result<T> {
        match self.gaps.first() {
            None => Ok(self.data),
            Some(gap) => Err(error::of_gap(gap, about)),
        }
    }
}
