//! Requests as ServiceNow wants them, and answers that are a success.

use std::fmt::Display;

use usher_adapter_sdk::{
    Result,
    host::{Method, Request, Response},
};

use crate::{ServiceNow, error};

/// Value and label of every column: labels alone are in the language and the time zone of whoever asks.
const DISPLAY: (&str, &str) = ("sysparm_display_value", "all");

impl ServiceNow {
    /// Returns a request to a table, or to a record of it: `["incident", SYS_ID]`.
    ///
    /// <https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html>
    pub(crate) fn table<S: AsRef<str>>(&self, method: Method, path: impl IntoIterator<Item = S>) -> Result<Request> {
        let request = Request::new(method, self.host.base_url()?).path(["api", "now", "table"])?.path(path)?;
        let request = request.header("accept", "application/json").query(DISPLAY.0, DISPLAY.1);
        Ok(request.query("sysparm_exclude_reference_link", "true"))
    }

    /// Returns a request for records of a table that fit an encoded query, with these columns alone.
    pub(crate) fn rows(&self, table: &str, query: String, columns: &str, limit: u64) -> Result<Request> {
        let request = self.table(Method::Get, [table])?.query("sysparm_query", query);
        let request = if columns.is_empty() { request } else { request.query("sysparm_fields", columns) };
        Ok(request.query("sysparm_limit", limit.to_string()))
    }

    /// Returns a request for the files of records: `["file"]`, `[ID, "file"]`.
    ///
    /// <https://www.servicenow.com/docs/csh?topicname=c_AttachmentAPI.html>
    pub(crate) fn files<S: AsRef<str>>(&self, method: Method, path: impl IntoIterator<Item = S>) -> Result<Request> {
        Request::new(method, self.host.base_url()?).path(["api", "now", "attachment"])?.path(path)
    }

    /// Sends a request; anything but a success with JSON in it is an error that says about what it was.
    pub(crate) async fn send(&self, request: Request, about: &(dyn Display + Sync)) -> Result<Response> {
        error::checked(self.host.http(request).await?, about)
    }

    /// Returns where people see a record.
    pub(crate) fn page(&self, table: &str, sys_id: &str) -> Option<String> {
        let web = self.config.web_url.as_deref().or(self.host.connection().base_url.as_deref())?;
        Some(format!("{}/{table}.do?sys_id={sys_id}", web.trim_end_matches('/')))
    }
}

/// Returns how many records fit a query, those included that the account may not see.
pub(crate) fn total(response: &Response) -> Option<u64> {
    response.header("x-total-count").and_then(|count| count.trim().parse().ok())
}

/// Says whether the answer names a next page, if it names pages at all.
pub(crate) fn has_next(response: &Response) -> Option<bool> {
    let links: Vec<&str> =
        response.headers.iter().filter(|(name, _)| name == "link").map(|(_, value)| value.as_str()).collect();
    (!links.is_empty()).then(|| links.iter().any(|link| link.contains("rel=\"next\"")))
}
