//! Sprints, as a custom field has them: objects on Cloud, printed Java objects on Data Center.

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    decode::Text,
    model::{Container, ContainerKind},
};

use super::words::same;
use crate::api::Id;

/// A sprint that an issue is or was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sprint {
    pub id: Option<String>,
    pub name: String,
    /// It is over: the issue was in it, and stays in its list.
    pub is_closed: bool,
}

impl Sprint {
    /// Says whether a text means it, by its name or its id.
    pub(crate) fn is_called(&self, text: &str) -> bool {
        same(&self.name, text) || self.id.as_deref() == Some(text)
    }
}

/// Returns the sprints of a field; one that is written in no known way is left to the custom field that carries it.
pub(crate) fn sprints(value: &RawValue) -> Vec<Sprint> {
    let Ok(sprints) = serde_json::from_str::<Vec<&RawValue>>(value.get()) else { return Vec::new() };
    sprints.into_iter().filter_map(sprint).collect()
}

/// Returns the sprints of a field as what they are to a ticket.
pub(super) fn containers(value: &RawValue) -> Vec<Container> {
    let container = |Sprint { id, name, .. }: Sprint| Container::new(ContainerKind::Sprint, name).with_id(id);
    sprints(value).into_iter().map(container).collect()
}

fn sprint(sprint: &RawValue) -> Option<Sprint> {
    let of = |id: Option<String>, name: &str, state: Option<&str>| Sprint {
        id,
        name: name.to_owned(),
        is_closed: state.is_some_and(|state| same(state, "closed")),
    };
    if let Ok(Object { id, name, state }) = serde_json::from_str(sprint.get()) {
        return Some(of(id.map(|id| id.to_string()), &name, state.as_deref()));
    }
    let printed: String = serde_json::from_str(sprint.get()).ok()?;
    let name = member(&printed, "name")?;
    Some(of(member(&printed, "id").map(str::to_owned), name, member(&printed, "state")))
}

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow)]
    id: Option<Id<'a>>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
}

/// Returns a member of a printed object, `…Sprint@1f[id=7,state=ACTIVE,name=One, two,startDate=…]`.
///
/// A name may have commas: a member ends where the next one begins.
fn member<'a>(printed: &'a str, name: &str) -> Option<&'a str> {
    let members = printed.split_once('[')?.1.strip_suffix(']')?;
    let start = members.match_indices(name).find(|(at, _)| {
        let is_first = *at == 0 || members[..*at].ends_with(',');
        is_first && members[at + name.len()..].starts_with('=')
    })?;
    let rest = &members[start.0 + name.len() + 1..];
    let ends = rest.match_indices(',').find(|(at, _)| {
        let next: &str = rest[at + 1..].split('=').next().unwrap_or_default();
        rest[at + 1..].contains('=') && !next.is_empty() && next.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    Some(ends.map_or(rest, |(end, _)| &rest[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Vec<(Option<String>, String, bool)> {
        let raw: Box<RawValue> = serde_json::from_str(json).unwrap();
        sprints(&raw).into_iter().map(|sprint| (sprint.id, sprint.name, sprint.is_closed)).collect()
    }

    #[test]
    fn sprints_are_read_in_either_form() {
        let expected = [(Some("7".to_owned()), "One, two".to_owned(), true)];
        assert_eq!(read(r#"[{"id":7,"name":"One, two","state":"closed","boardId":8}]"#), expected);
        let printed = "com.atlassian.greenhopper.service.sprint.Sprint@1f8d[id=7,rapidViewId=8,state=CLOSED,name=One, two,\
                       startDate=2020-06-12T00:38:51.882Z,goal=,sequence=7]";
        assert_eq!(read(&format!("[\"{printed}\"]")), expected);
        for json in [
            r#"["Sprint@1[name=Last,id=7]"]"#,
            r#"["Sprint@1[id=7,state=ACTIVE,name=Last]"]"#,
            r#"[{"id":7,"name":"Last","state":"future"}]"#,
        ] {
            assert_eq!(read(json), [(Some("7".to_owned()), "Last".to_owned(), false)], "{json}");
        }
    }

    #[test]
    fn what_is_no_sprint_is_none() {
        for json in ["7", "{}", "[7]", r#"["x"]"#, r#"["Sprint[id=7]"]"#, r#"[{"id":7}]"#] {
            assert_eq!(read(json), [], "{json}");
        }
    }
}
