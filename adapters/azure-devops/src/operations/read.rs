//! One work item with everything that was asked.

use std::{collections::HashSet, sync::Arc};

use futures_util::future;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::{Body, Level, Method, Response},
    message::{Include, Raw, Source},
    model::{Ticket, TicketKey},
};

use crate::{
    AzureDevOps, api,
    key::{Key, key_without_project, same},
    mapping::{self, Beside},
    request::of_item,
};

/// The documents beside `main`: the states of its type, and its comments, a page each.
pub(super) const STATES: &str = "states";
pub(super) const NOTES: &str = "notes";

/// The greatest page of comments that Azure DevOps gives.
pub(super) const COMMENTS: u64 = 200;

/// Returns a work item, the states of its type, and the pages of its comments where they are asked for.
pub(crate) async fn get(azure: &AzureDevOps, key: Key<'_>, include: &Include) -> Result<Raw> {
    // The comments are asked for beside the work item where its project is known: a person waits.
    let early = async {
        match key.project {
            Some(project) if include.notes => Some(all_comments(azure, project, key.number).await),
            _ => None,
        }
    };
    let (main, early) = future::join(item(azure, key.number), early).await;
    let main = main?;
    let item: api::WorkItem<'_> = main.decode()?;
    let project = mapping::project_name(&item, Some(key))?;
    let is_there = key.project.is_some_and(|asked| same(asked, project));
    let comments = async {
        match early {
            // What was moved to another project has its comments there.
            Some(comments) if is_there => comments,
            _ if include.notes => all_comments(azure, project, key.number).await,
            _ => Ok(Vec::new()),
        }
    };
    let (comments, states) = future::try_join(comments, states_if(azure, project, &item)).await?;
    let raw = Raw::main(main.body.to_vec());
    let raw = states.into_iter().fold(raw, |raw, states| raw.with(STATES, states));
    Ok(comments.into_iter().fold(raw, |raw, page| raw.with(NOTES, page.body.into_vec())))
}

/// Returns the ticket of a work item and of whatever stands beside it.
pub(crate) fn normalize(azure: &AzureDevOps, key: Option<Key<'_>>, raw: &Raw, source: &Source) -> Result<Ticket> {
    let states: Option<api::List<api::State>> = raw.decode(STATES)?;
    let mut comments = None;
    for document in raw.documents().iter().filter(|document| document.name == NOTES) {
        let page: api::CommentList<'_> =
            decode::json(&document.bytes).map_err(|error: Error| error.context(format_args!("document `{NOTES}`")))?;
        comments.get_or_insert_with(Vec::new).extend(page.comments);
    }
    let beside = Beside {
        states: states.as_ref().map(|states| &states.value[..]),
        comments,
        has_relations: *source == Source::Direct,
    };
    mapping::ticket(&azure.site, &raw.decode_main()?, key, &beside, &Include::EVERYTHING)
}

/// Asks for a work item alone, with its relations.
pub(super) async fn item(azure: &AzureDevOps, number: u64) -> Result<Response> {
    let request = azure.get(of_item(number))?.query("$expand", "all");
    azure.send(request, &about(azure, number)).await
}

/// Returns what an error says it is about.
pub(super) fn about(azure: &AzureDevOps, number: u64) -> TicketKey {
    key_without_project(azure.site.organization(), number)
}

/// Returns the project of a key, which is asked for where the key does not have it.
pub(super) async fn project_of(azure: &AzureDevOps, key: Key<'_>) -> Result<String> {
    if let Some(project) = key.project {
        return Ok(project.to_owned());
    }
    let request = azure.get(of_item(key.number))?.query("fields", "System.TeamProject");
    let response = azure.send(request, &about(azure, key.number)).await?;
    let item: api::WorkItem<'_> = response.decode()?;
    mapping::project_name(&item, Some(key)).map(str::to_owned)
}

/// Returns the request for a page of comments, oldest first.
pub(super) async fn comments(azure: &AzureDevOps, project: &str, number: u64, token: Option<&str>) -> Result<Response> {
    let number_text = number.to_string();
    let path = [project, "_apis", "wit", "workItems", &number_text, "comments"];
    let request = azure.versioned(Method::Get, path, azure.site.version.comments)?;
    let request = request.query("$top", COMMENTS.to_string()).query("order", "asc");
    let request = token.into_iter().fold(request, |request, token| request.query("continuationToken", token));
    azure.send(request, &about(azure, number)).await
}

/// Asks for every page of a work item's comments.
pub(super) async fn all_comments(azure: &AzureDevOps, project: &str, number: u64) -> Result<Vec<Response>> {
    let mut pages = Vec::new();
    let mut seen = HashSet::new();
    let mut token = None;
    loop {
        let page = comments(azure, project, number, token.as_deref()).await?;
        token = page.decode::<api::CommentList<'_>>()?.continuation_token.map(String::from);
        pages.push(page);
        match &token {
            None => return Ok(pages),
            Some(next) if !seen.insert(next.clone()) => {
                let about = about(azure, number);
                let circle = format!("{about}: a page of comments names one as the next that was there before");
                return Err(Error::new(ErrorKind::ResponseParse, circle));
            }
            Some(_) => {}
        }
    }
}

/// Asks for the states of a work item's type, which say what they come to; none where these cannot be had.
async fn states_if(azure: &AzureDevOps, project: &str, item: &api::WorkItem<'_>) -> Result<Option<Vec<u8>>> {
    let Some(type_name) = item.fields.work_item_type.as_deref().filter(|_| item.fields.state.is_some()) else {
        return Ok(None);
    };
    Ok(states(azure, project, type_name).await?.map(|states| states.to_vec()))
}

/// Asks for the states of a type; none where these cannot be had, as for a type that was removed.
pub(super) async fn states(azure: &AzureDevOps, project: &str, type_name: &str) -> Result<Option<Arc<Body>>> {
    match azure.states_of(project, type_name).await {
        Ok(states) => Ok(Some(states)),
        // The work item can be read all the same; what its state comes to then stays unknown.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Permission | ErrorKind::Validation) => {
            azure.host.log(Level::Warning, &format!("what states come to is not known: {error}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
