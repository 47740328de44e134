//! Lists, in windows of ids that the host reads side by side; page after page where an order is asked, or few.

use std::pin::pin;

use futures_util::{StreamExt, stream};
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::{Request, Response},
    message::{Criteria, Criterion, Cursor, Include, ME, NOBODY, Page, Raw, Sort, SortField},
    model::Time,
};

use super::{
    lookup,
    place::{PAGE_SIZE, Place, Spot, windows},
    read,
};
use crate::{Redmine, api, key::Key, mapping};

/// How many issues are completed at once, where what was asked comes with a single issue alone.
const AT_ONCE: usize = 6;

/// Returns a page of a list.
pub(crate) async fn fetch(
    redmine: &Redmine,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    redmine.known().await?;
    let (place, others) = match cursor {
        Some(cursor) => (Place::read(cursor)?, Vec::new()),
        None => {
            let mut places = first(redmine, criteria).await?;
            (places.remove(0), places)
        }
    };
    let response = redmine.send(request(redmine, &place, include)?, &"the list").await?;
    let answer: api::Issues<'_> = response.decode()?;
    let mut items = Vec::with_capacity(answer.issues.len());
    for item in &answer.issues {
        items.push((item.get(), decode::json::<api::Issue<'_>>(item.get().as_bytes())?));
    }
    let ids: Vec<u64> = items.iter().map(|(_, issue)| issue.id).collect();
    let mut next = next(redmine, &place, &ids, answer.total_count).await?;
    let is_whole = cursor.is_none() && others.is_empty() && is_pushed_down(criteria, &place);
    for other in &others {
        next.push(other.cursor()?);
    }
    let page = Page::new()
        .with_next(next)
        .with_total(is_whole.then_some(answer.total_count))
        .with_pushed_down(place.pushed_down.iter().cloned());
    push(redmine, page, items, include).await
}

/// Writes issues to a page, with what was asked of each.
pub(super) async fn push(
    redmine: &Redmine,
    mut page: Page,
    items: Vec<(&str, api::Issue<'_>)>,
    include: &Include,
) -> Result<Page> {
    let is_old = items.iter().any(|(_, issue)| issue.status.as_ref().is_some_and(|status| status.is_closed.is_none()));
    let beside = read::beside(redmine, Raw::default(), is_old, include).await?;
    let mut wanted = Vec::with_capacity(items.len());
    for item in items {
        wanted.push(whole(redmine, item, include, &beside));
    }
    let mut tickets = pin!(stream::iter(wanted).buffered(AT_ONCE));
    while let Some(ticket) = tickets.next().await {
        match ticket {
            Ok((ticket, raw)) if include.raw => page.push_with_raw(&ticket, &raw)?,
            Ok((ticket, _)) => page.push(&ticket)?,
            Err(error) => page.push_error(error),
        }
    }
    Ok(page)
}

/// Returns the ticket of an issue; its notes come only with the issue alone.
async fn whole(
    redmine: &Redmine,
    (text, issue): (&str, api::Issue<'_>),
    include: &Include,
    beside: &Raw,
) -> Result<(usher_adapter_sdk::model::Ticket, Raw)> {
    if include.notes {
        let raw = read::get(redmine, Key(issue.id), include).await?;
        let mut ticket = read::normalize(redmine, &raw)?;
        ticket.keep(include);
        return Ok((ticket, raw));
    }
    let mut ticket = read::ticket(redmine, &issue, beside, true)?;
    ticket.keep(include);
    Ok((ticket, if include.raw { Raw::main(format!(r#"{{"issue":{text}}}"#)) } else { Raw::default() }))
}

/// Returns the request for a page.
fn request(redmine: &Redmine, place: &Place, include: &Include) -> Result<Request> {
    let mut request = redmine.get(["issues.json"])?.query("limit", place.page_size.to_string());
    if let Some(project) = &place.project {
        // Without this the issues of projects below it come as well.
        request = request.query("project_id", project.clone()).query("subproject_id", "!*");
    }
    let request = place.query.iter().fold(request, |request, (name, value)| request.query(name, value));
    let request = place.spot.query().into_iter().fold(request, |request, (name, value)| request.query(name, value));
    Ok(request.query("include", if include.attachments { "relations,attachments" } else { "relations" }))
}

/// Returns where the list goes on.
async fn next(redmine: &Redmine, place: &Place, ids: &[u64], total: u64) -> Result<Vec<Cursor>> {
    if let Some(other) = ids.iter().find(|id| !place.spot.holds(**id)) {
        return Err(Error::unsupported(format_args!(
            "filtering issues by their numbers, as this Redmine answers {other}"
        ))
        .with_hint("Redmine 4 and later can; ask for fewer with `--limit 100`, or name a project."));
    }
    let loaded = ids.len() as u64;
    let spots = match place.spot {
        Spot::Offset(offset) if offset + loaded < total && loaded > 0 => vec![Spot::Offset(offset + loaded)],
        Spot::Offset(_) => Vec::new(),
        _ if loaded >= total => Vec::new(),
        Spot::UpTo(_) => {
            let least = ids.iter().min().filter(|id| **id > 1);
            least.map(|least| Spot::UpTo(Some(least - 1))).into_iter().collect()
        }
        Spot::Window { to, .. } => {
            let greatest = ids.iter().max().ok_or_else(unreadable)?;
            let end = match to {
                Some(to) => to,
                None => newest(redmine, place).await?.unwrap_or(*greatest),
            };
            windows(greatest + 1, end.max(greatest + 1), to, total - loaded)
        }
    };
    spots.into_iter().map(|spot| place.at(spot).cursor()).collect()
}

fn unreadable() -> Error {
    Error::new(ErrorKind::Platform, "Redmine says that there are issues and lists none").with_retryable(true)
}

/// Returns the greatest id of a list.
async fn newest(redmine: &Redmine, place: &Place) -> Result<Option<u64>> {
    let place = Place { page_size: 1, ..place.at(Spot::UpTo(None)) };
    let response: Response = redmine.send(request(redmine, &place, &Include::SUMMARY)?, &"the list").await?;
    let answer: api::Issues<'_> = response.decode()?;
    let item = answer.issues.first();
    item.map(|item| decode::json::<api::Issue<'_>>(item.get().as_bytes()).map(|issue| issue.id)).transpose()
}

/// Returns where a list begins: a place for each project that is asked for.
async fn first(redmine: &Redmine, criteria: &Criteria) -> Result<Vec<Place>> {
    let mut plan = Plan::default();
    plan.statuses(redmine, criteria).await?;
    plan.people(redmine, "assigned_to_id", &criteria.assignee, Criterion::Assignee).await?;
    plan.people(redmine, "author_id", &criteria.reporter, Criterion::Reporter).await?;
    plan.types(redmine, criteria).await?;
    plan.priorities(redmine, criteria).await?;
    plan.times("created_on", criteria.created.from, criteria.created.to);
    plan.times("updated_on", criteria.updated.from, criteria.updated.to);
    if !criteria.project.is_empty() {
        plan.pushed_down.push(Criterion::Project);
    }
    let ids = lookup::projects(redmine, &criteria.project).await?;
    let mut projects: Vec<Option<String>> = ids.into_iter().map(Some).collect();
    if projects.is_empty() {
        projects.push(None);
    }
    let spot = plan.order(criteria, projects.len());
    let mut place =
        Place { project: None, query: plan.query, pushed_down: plan.pushed_down, page_size: PAGE_SIZE, spot };
    let limit = criteria.limit.filter(|_| is_pushed_down(criteria, &place) && !matches!(spot, Spot::Window { .. }));
    place.page_size = limit.map_or(PAGE_SIZE, |limit| limit.clamp(1, PAGE_SIZE));
    Ok(projects.into_iter().map(|project| Place { project, ..place.clone() }).collect())
}

fn is_pushed_down(criteria: &Criteria, place: &Place) -> bool {
    criteria.asked().iter().all(|asked| place.pushed_down.contains(asked))
}

/// What Redmine is asked for, and what it then applies exactly.
#[derive(Default)]
struct Plan {
    query: Vec<(String, String)>,
    pushed_down: Vec<Criterion>,
}

impl Plan {
    fn ask(&mut self, name: &str, value: impl Into<String>) {
        self.query.push((name.to_owned(), value.into()));
    }

    /// Without a status Redmine lists what is open.
    async fn statuses(&mut self, redmine: &Redmine, criteria: &Criteria) -> Result<()> {
        if !criteria.status.is_empty() {
            let response = redmine.read(["issue_statuses.json"]).await?;
            let lists: api::Lists<'_> = response.decode()?;
            let is_asked = |it: &&api::Status<'_>| {
                criteria.status.iter().any(|name| it.id.to_string() == *name || lookup::same(&it.name, name))
            };
            let ids: Vec<String> = lists.issue_statuses.iter().filter(is_asked).map(|it| it.id.to_string()).collect();
            if !ids.is_empty() {
                self.ask("status_id", ids.join("|"));
                self.pushed_down.push(Criterion::Status);
                return Ok(());
            }
        }
        // What a status is called never contradicts whether it is closed, so that categories narrow.
        let all = |is_open| criteria.status_category.iter().all(|it| it.is_open() == Some(is_open));
        let by_category =
            || [true, false].into_iter().find(|is_open| !criteria.status_category.is_empty() && all(*is_open));
        let word = |is_open: bool| if is_open { "open" } else { "closed" };
        self.ask("status_id", criteria.is_open.or_else(by_category).map_or("*", word));
        if criteria.is_open.is_some() {
            self.pushed_down.push(Criterion::IsOpen);
        }
        Ok(())
    }

    /// `me` of Redmine's means the account's groups as well: the account's own id does not.
    async fn people(&mut self, redmine: &Redmine, name: &str, people: &[String], criterion: Criterion) -> Result<()> {
        let mut ids = Vec::new();
        for person in people {
            match person.as_str() {
                ME => ids.push(redmine.me().await?.id.to_string()),
                NOBODY if people.len() == 1 && name == "assigned_to_id" => ids.push("!*".to_owned()),
                id if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) => ids.push(id.to_owned()),
                // A name: the host compares those.
                _ => return Ok(()),
            }
        }
        if !ids.is_empty() {
            self.ask(name, ids.join("|"));
            self.pushed_down.push(criterion);
        }
        Ok(())
    }

    async fn types(&mut self, redmine: &Redmine, criteria: &Criteria) -> Result<()> {
        if criteria.type_name.is_empty() && criteria.type_level.is_empty() {
            return Ok(());
        }
        let response = redmine.read(["trackers.json"]).await?;
        let lists: api::Lists<'_> = response.decode()?;
        let (names, levels) = (&criteria.type_name, &criteria.type_level);
        let fits = |it: &&api::Named<'_>| {
            (names.is_empty() || names.iter().any(|name| lookup::is_called(it, name)))
                && (levels.is_empty() || levels.contains(&mapping::tracker(it).level))
        };
        self.ids("tracker_id", lists.trackers.iter().filter(fits), Criterion::Type);
        Ok(())
    }

    async fn priorities(&mut self, redmine: &Redmine, criteria: &Criteria) -> Result<()> {
        if criteria.priority.is_empty() {
            return Ok(());
        }
        let response = redmine.read(["enumerations", "issue_priorities.json"]).await?;
        let lists: api::Lists<'_> = response.decode()?;
        let fits = |it: &&api::Named<'_>| criteria.priority.contains(&mapping::priority(it).level);
        self.ids("priority_id", lists.issue_priorities.iter().filter(fits), Criterion::Priority);
        Ok(())
    }

    fn ids<'a, 'b: 'a>(&mut self, name: &str, found: impl Iterator<Item = &'a api::Named<'b>>, criterion: Criterion) {
        let ids: Vec<String> = found.map(|it| it.id.to_string()).collect();
        // Where nothing fits the host finds nothing either.
        if !ids.is_empty() {
            self.ask(name, ids.join("|"));
            self.pushed_down.push(criterion);
        }
    }

    /// Redmine counts whole seconds and shows less than it keeps: this narrows, and the host makes it exact.
    fn times(&mut self, name: &str, from: Option<Time>, to: Option<Time>) {
        let second =
            |time: Time, more: i64| Time::from_unix_seconds(time.unix_seconds() + more).map(|time| time.to_string());
        let (from, to) = (from.and_then(|from| second(from, 0)), to.and_then(|to| second(to, 1)));
        match (from, to) {
            (Some(from), Some(to)) => self.ask(name, format!("><{from}|{to}")),
            (Some(from), None) => self.ask(name, format!(">={from}")),
            (None, Some(to)) => self.ask(name, format!("<={to}")),
            (None, None) => {}
        }
    }

    /// Returns where the list begins. An order is left to Redmine only where few are asked for: pages of an order shift while
    /// issues change, and windows of ids do not.
    fn order(&mut self, criteria: &Criteria, projects: usize) -> Spot {
        let is_small = criteria.limit.is_some_and(|limit| limit <= 2 * PAGE_SIZE) && projects == 1;
        let all = Spot::Window { from: 0, to: None };
        let Some(Sort { by, descending, .. }) = criteria.sort.as_ref().filter(|_| is_small) else {
            return if is_small && criteria.sort.is_none() { Spot::UpTo(None) } else { all };
        };
        let column = match by {
            SortField::Created => "created_on",
            SortField::Updated => "updated_on",
            SortField::Key if *descending => {
                self.pushed_down.push(Criterion::Sort);
                return Spot::UpTo(None);
            }
            _ => return all,
        };
        let direction = if *descending { ":desc" } else { "" };
        self.ask("sort", format!("{column}{direction},id{direction}"));
        self.pushed_down.push(Criterion::Sort);
        Spot::Offset(0)
    }
}
