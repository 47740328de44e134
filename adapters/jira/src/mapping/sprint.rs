//! Sprints, as a custom field has them: objects on Cloud, printed Java objects on Data Center.

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    decode::Text,
    model::{Container, ContainerKind},
};

use crate::api::Id;

#[derive(Deserialize)]
struct Sprint<'a> {
    #[serde(borrow)]
    id: Option<Id<'a>>,
    #[serde(borrow)]
    name: Text<'a>,
}

/// Returns the sprints of a field; one that is written in no known way is left to the custom field that carries it.
pub(super) fn containers(value: &RawValue) -> Vec<Container> {
    let Ok(sprints) = serde_json::from_str::<Vec<&RawValue>>(value.get()) else { return Vec::new() };
    sprints.into_iter().filter_map(container).collect()
}

fn container(sprint: &RawValue) -> Option<Container> {
    if let Ok(sprint) = serde_json::from_str::<Sprint<'_>>(sprint.get()) {
        let id = sprint.id.map(|id| id.to_string());
        return Some(Container::new(ContainerKind::Sprint, &*sprint.name).with_id(id));
    }
    let printed: String = serde_json::from_str(sprint.get()).ok()?;
    let name = member(&printed, "name")?;
    Some(Container::new(ContainerKind::Sprint, name).with_id(member(&printed, "id").map(str::to_owned)))
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

    fn sprints(json: &str) -> Vec<(Option<String>, String)> {
        let raw: Box<RawValue> = serde_json::from_str(json).unwrap();
        containers(&raw).into_iter().map(|sprint| (sprint.id, sprint.name)).collect()
    }

    #[test]
    fn sprints_are_read_in_either_form() {
        let expected = [(Some("7".to_owned()), "One, two".to_owned())];
        assert_eq!(sprints(r#"[{"id":7,"name":"One, two","state":"closed","boardId":8}]"#), expected);
        let printed = "com.atlassian.greenhopper.service.sprint.Sprint@1f8d[id=7,rapidViewId=8,state=CLOSED,name=One, two,\
                       startDate=2020-06-12T00:38:51.882Z,goal=,sequence=7]";
        assert_eq!(sprints(&format!("[\"{printed}\"]")), expected);
        assert_eq!(sprints(r#"["Sprint@1[name=Last,id=7]"]"#), [(Some("7".to_owned()), "Last".to_owned())]);
    }

    #[test]
    fn what_is_no_sprint_is_none() {
        for json in ["7", "{}", "[7]", r#"["x"]"#, r#"["Sprint[id=7]"]"#, r#"[{"id":7}]"#] {
            assert_eq!(sprints(json), [], "{json}");
        }
    }
}
