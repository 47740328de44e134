//! The ids of a long list, and from them the cursors of its pages.
//!
//! Cloud pages by token. Data Center pages by offset, and an issue that is deleted would move all later ones over the seam; so
//! where the list is in the order of creation each page begins at the time at which the last one ended, and has what lies there
//! once more: the host drops what it knows.

use usher_adapter_sdk::{
    Result, decode,
    message::{Criteria, Page},
    model::Time,
};

use super::{PAGE_SIZE, Place, Search, missing, next, place, plan};
use crate::{Jira, api, jql::Jql, site::Edition};

/// How many ids are asked for at once: the most that Cloud gives, and that Data Center usually does.
const CLOUD_PAGE: u64 = 5_000;
const DATA_CENTER_PAGE: u64 = 1_000;

/// Returns a page without issues, which names those that have them.
pub(super) async fn page(jira: &Jira, criteria: &Criteria, place: Option<&str>) -> Result<Page> {
    let mut jql = plan::jql(jira, criteria).await?;
    let edition = jira.edition().await?;
    let by_time = edition == Edition::DataCenter && plan::is_by_creation(criteria);
    let since = if by_time { Since::read(place)? } else { Since::default() };
    since.narrow(&mut jql);
    let search = Search {
        jql: jql.to_string(),
        max_results: if edition == Edition::Cloud { CLOUD_PAGE } else { DATA_CENTER_PAGE },
        fields: if by_time { vec!["created".to_owned()] } else { vec!["id".to_owned()] },
    };
    let skip = since.skip.to_string();
    let response = search.send(jira, if by_time { Some(&skip) } else { place }).await?;
    let found: api::Found<'_> = response.decode()?;
    let listed: Vec<api::Listed<'_>> =
        found.issues.iter().map(|item| decode::json(item.get().as_bytes())).collect::<Result<_>>()?;
    if place.is_none() && listed.is_empty() && found.next_page_token.is_none() {
        // Who is not known to Jira finds nothing, and is not told so.
        jira.prove().await?;
    }
    let rest = match by_time {
        true => next(&found).map(|_| since.after(&listed).to_string()),
        false => next(&found),
    };
    let ids: Vec<String> = listed.iter().map(|issue| issue.id.to_string()).collect();
    let chunks = ids.chunks(PAGE_SIZE as usize).map(|ids| Place::Issues(ids.to_vec()));
    let cursors = chunks.chain(rest.map(|rest| Place::Ids(Some(rest)))).map(|place| place.cursor());
    let page = Page::new().with_next(cursors.collect::<Vec<_>>()).with_total(found.total.filter(|_| place.is_none()));
    Ok(match missing(&found) {
        Some(missing) => page.with_cut(missing),
        None => page,
    })
}

/// Since when, in whole seconds, and how many of what follows are known: `1767225600000+50`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Since {
    millis: Option<i64>,
    skip: u64,
}

impl Since {
    fn read(place: Option<&str>) -> Result<Self> {
        let Some(text) = place else { return Ok(Self::default()) };
        let read = || {
            let (millis, skip) = text.split_once('+')?;
            let millis = if millis.is_empty() { None } else { Some(millis.parse().ok()?) };
            Some(Self { millis, skip: skip.parse().ok()? })
        };
        read().ok_or_else(|| place::unknown(text))
    }

    fn narrow(&self, jql: &mut Jql) {
        if let Some(millis) = self.millis {
            jql.and(format!("created >= {millis}"));
        }
    }

    /// Returns where the next page begins. Where the whole page lies in one second there is nothing to begin at but a number.
    fn after(self, listed: &[api::Listed<'_>]) -> Self {
        let created = listed.last().and_then(|issue| issue.fields.as_ref()?.created);
        let second = created.map(|time: Time| time.unix_seconds() * 1_000);
        match second {
            Some(second) if self.millis.is_none_or(|from| second > from) => Self { millis: Some(second), skip: 0 },
            _ => Self { skip: self.skip + listed.len() as u64, ..self },
        }
    }
}

impl std::fmt::Display for Since {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.millis {
            Some(millis) => write!(f, "{millis}+{}", self.skip),
            None => write!(f, "+{}", self.skip),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(created: &str) -> Vec<api::Listed<'static>> {
        let text: &'static str =
            Box::leak(format!(r#"{{"id":"1","fields":{{"created":"{created}"}}}}"#).into_boxed_str());
        vec![serde_json::from_str(text).unwrap(), serde_json::from_str(text).unwrap()]
    }

    #[test]
    fn a_page_begins_at_the_second_at_which_the_last_one_ended() {
        let first = Since::default().after(&listed("2026-01-01T00:00:05.700+0000"));
        assert_eq!(first, Since { millis: Some(1_767_225_605_000), skip: 0 });
        assert_eq!(Since::read(Some(&first.to_string())).unwrap(), first);
        // All of one second: the place is counted on.
        let second = first.after(&listed("2026-01-01T00:00:05.900+0000"));
        assert_eq!(second, Since { skip: 2, ..first });
        assert_eq!(second.after(&listed("2026-01-01T00:00:06.100+0000")).skip, 0);
        assert!(Since::read(Some("x")).is_err());
    }
}
