//! Requests as REST2 wants them, answers that are a success, and lists over all of their pages.
//!
//! <https://docs.bestpractical.com/rt/5.0/RT/REST2.html>

use std::fmt::Display;

use serde::de::DeserializeOwned;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Method, Request, Response},
};

use crate::{RequestTracker, api, error};

/// The greatest page that Request Tracker gives: more is cut to this without a word.
pub(crate) const PAGE_SIZE: u64 = 100;
/// Beyond so many pages an answer is not to be believed.
const MOST_PAGES: u64 = 10_000;

impl RequestTracker {
    /// Returns a request to the API: `["ticket", "42", "history"]`.
    pub(crate) fn request<S: AsRef<str>>(&self, method: Method, path: impl IntoIterator<Item = S>) -> Result<Request> {
        Request::new(method, format!("{}/REST/2.0", self.host.base_url()?)).path(path)
    }

    /// Returns a request that reads, and that is not kept for a conditional one: Request Tracker writes `Last-Modified` as no date
    /// of HTTP's, and 5.0.3 answers 500 where it is sent back as `If-Modified-Since`.
    pub(crate) fn get<S: AsRef<str>>(&self, path: impl IntoIterator<Item = S>) -> Result<Request> {
        Ok(self.request(Method::Get, path)?.header("cache-control", "no-store"))
    }

    /// Sends a request; anything but a success is an error that says about what it was.
    pub(crate) async fn send(&self, request: Request, about: &(dyn Display + Sync)) -> Result<Response> {
        error::checked(self.host.http(request).await?, about)
    }

    /// Returns every page of a list.
    ///
    /// Where rights are checked for each row, `total` is `null`, a page may be short, and servers before 5.0.4 do not
    /// name the next one: such a list ends with the first page that is empty.
    pub(crate) async fn pages(&self, first: Request, about: &(dyn Display + Sync)) -> Result<Vec<Response>> {
        let mut pages = Vec::new();
        for number in 1..=MOST_PAGES {
            let request = first.clone().query("per_page", PAGE_SIZE.to_string()).query("page", number.to_string());
            let page = self.send(request, about).await?;
            let has_more = api::PageInfo::of(&page)?.has_more();
            pages.push(page);
            if !has_more {
                return Ok(pages);
            }
        }
        Err(Error::new(ErrorKind::ResponseParse, format!("{about}: the list has no end")))
    }

    /// Returns every record of a list.
    pub(crate) async fn all<T: DeserializeOwned>(
        &self,
        first: Request,
        about: &(dyn Display + Sync),
    ) -> Result<Vec<T>> {
        let mut records = Vec::new();
        for page in self.pages(first, about).await? {
            records.extend(page.decode::<api::Collection<T>>()?.items);
        }
        Ok(records)
    }
}
