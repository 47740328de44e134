//! Pages: what the header `link` names, and nothing else.
//!
//! <https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api>

use std::{collections::HashSet, fmt::Display};

use futures_util::{StreamExt, TryStreamExt, stream};
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Request, Response},
};

use crate::GitHub;

/// The greatest page that GitHub gives.
pub(crate) const PAGE_SIZE: u64 = 100;
/// How many pages are counted ahead: beyond these an answer is not to be believed.
const MOST_PAGES: u64 = 10_000;
/// How many pages are asked for at once: GitHub asks its clients not to be many at a time.
const AT_ONCE: usize = 6;

impl GitHub {
    /// Returns every page of a list, in its order; where the pages are numbered, several are asked for at once.
    pub(crate) async fn all_pages(&self, first: Request, about: &(dyn Display + Sync)) -> Result<Vec<Response>> {
        let first = self.send(first.query("per_page", PAGE_SIZE.to_string()), about).await?;
        let middle = Links::of(&first).numbered();
        let mut pages = vec![first];
        let others =
            stream::iter(middle).map(async |url: String| self.send(self.follow(&url)?, about).await).buffered(AT_ONCE);
        pages.extend(others.try_collect::<Vec<_>>().await?);
        // The last page may have moved on meanwhile; and pages that are not numbered only name the next.
        let mut seen = HashSet::new();
        while let Some(next) = pages.last().and_then(|page| Links::of(page).next.map(str::to_owned)) {
            if !seen.insert(next.clone()) {
                return Err(circle(about));
            }
            pages.push(self.send(self.follow(&next)?, about).await?);
        }
        Ok(pages)
    }
}

/// Says whether GitHub has left out what a token sees only once it is authorised for an organisation's single sign-on.
///
/// <https://docs.github.com/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso>
pub(crate) fn is_withheld(response: &Response) -> bool {
    response.header("x-github-sso").is_some_and(|header| header.trim_start().starts_with("partial-results"))
}

/// The addresses of other pages that an answer names.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Links<'a> {
    pub next: Option<&'a str>,
    pub last: Option<&'a str>,
}

impl<'a> Links<'a> {
    /// Reads the header `link`: `<https://…?page=2>; rel="next", <https://…?page=7>; rel="last"`.
    pub(crate) fn of(response: &'a Response) -> Self {
        response.header("link").map(Self::parse).unwrap_or_default()
    }

    fn parse(header: &'a str) -> Self {
        let mut links = Self::default();
        let mut rest = header;
        // An address may hold commas: each link begins with `<`.
        while let Some((_, found)) = rest.split_once('<') {
            let Some((url, behind)) = found.split_once('>') else { break };
            let end = behind.find('<').unwrap_or(behind.len());
            let parameters = behind[..end].split([';', ',']).map(|part| part.trim().replace(['"', ' '], ""));
            for parameter in parameters {
                match parameter.to_ascii_lowercase().as_str() {
                    "rel=next" => links.next = Some(url),
                    "rel=last" => links.last = Some(url),
                    _ => {}
                }
            }
            rest = &behind[end..];
        }
        links
    }

    /// Returns the addresses of the next page up to the last, if they differ in nothing but their number.
    pub(crate) fn numbered(&self) -> Vec<String> {
        let numbers = || {
            let (next, last) = (Numbered::parse(self.next?)?, Numbered::parse(self.last?)?);
            let is_one_list = next.before == last.before && next.after == last.after;
            let is_one_list = is_one_list && (next.page..next.page.saturating_add(MOST_PAGES)).contains(&last.page);
            is_one_list.then_some((next, last.page))
        };
        let Some((next, last)) = numbers() else { return Vec::new() };
        (next.page..=last).map(|page| format!("{}{page}{}", next.before, next.after)).collect()
    }
}

/// An address with the number of a page in it.
struct Numbered<'a> {
    before: &'a str,
    page: u64,
    after: &'a str,
}

impl<'a> Numbered<'a> {
    fn parse(url: &'a str) -> Option<Self> {
        let start = ["?page=", "&page="].iter().find_map(|name| Some(url.find(name)? + name.len()))?;
        let (before, rest) = url.split_at(start);
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some(Self { before, page: rest[..end].parse().ok()?, after: &rest[end..] })
    }
}

fn circle(about: &dyn Display) -> Error {
    Error::new(ErrorKind::ResponseParse, format!("{about}: a page names one as the next that was there before"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_whatever_their_order_and_spelling() {
        let header = "<https://a.example/i?per_page=3&page=1>; rel=\"prev\", <https://a.example/i?q=a,b&page=3>; rel=\"next\", \
                      <https://a.example/i?page=5>; title=x; rel=last";
        let links = Links::parse(header);
        assert_eq!(links.next, Some("https://a.example/i?q=a,b&page=3"));
        assert_eq!(links.last, Some("https://a.example/i?page=5"));
        for broken in ["", "<", "<>", "https://a.example; rel=next", "<https://a.example", "; rel=\"next\""] {
            assert_eq!(Links::parse(broken), Links::default(), "{broken}");
        }
    }

    #[test]
    fn pages_are_counted_only_where_nothing_but_the_number_differs() {
        let numbered = |next, last| Links { next: Some(next), last: Some(last) }.numbered();
        let expected = ["https://a.example/i?per_page=3&page=2&x=1", "https://a.example/i?per_page=3&page=3&x=1"];
        assert_eq!(numbered(expected[0], expected[1]), expected);
        assert_eq!(numbered("https://a.example/i?after=abc", "https://a.example/i?page=3"), [""; 0]);
        assert_eq!(numbered("https://a.example/i?page=2", "https://a.example/other?page=3"), [""; 0]);
        assert_eq!(numbered("https://a.example/i?page=4", "https://a.example/i?page=3"), [""; 0]);
        assert_eq!(numbered("https://a.example/i?page=2", "https://a.example/i?page=99999999999"), [""; 0]);
        assert_eq!(numbered("https://a.example/i?per_page=2", "https://a.example/i?per_page=3"), [""; 0]);
    }
}
