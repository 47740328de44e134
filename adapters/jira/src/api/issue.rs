//! An issue, and what hangs on it.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer},
};
use serde_json::value::RawValue;
use usher_adapter_sdk::{decode::Text, model::Time};

use super::{FieldsById, Id, IssueType, Named, Names, Property, User};

/// An issue: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get>
#[derive(Debug, Deserialize)]
pub(crate) struct Issue<'a> {
    #[serde(borrow)]
    pub id: Option<Id<'a>>,
    #[serde(borrow)]
    pub key: Text<'a>,
    #[serde(borrow, default)]
    pub fields: Fields<'a>,
    /// With `expand=names`: what people call each field.
    #[serde(borrow)]
    pub names: Option<Names<'a>>,
    /// With `expand=schema`: what each field holds.
    #[serde(borrow)]
    pub schema: Option<FieldsById<'a>>,
    /// The properties that were asked for by name.
    #[serde(borrow)]
    pub properties: Option<&'a RawValue>,
}

/// The fields of an issue. What Jira itself has is typed, everything else is carried as it is.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    pub summary: Option<Text<'a>>,
    /// A document on Cloud, wiki markup on Data Center.
    pub description: Option<&'a RawValue>,
    pub environment: Option<&'a RawValue>,
    pub issue_type: Option<IssueType<'a>>,
    pub status: Option<Status<'a>>,
    pub resolution: Option<Named<'a>>,
    pub priority: Option<Named<'a>>,
    pub labels: Vec<Text<'a>>,
    pub assignee: Option<User<'a>>,
    pub reporter: Option<User<'a>>,
    pub creator: Option<User<'a>>,
    pub project: Option<Project<'a>>,
    pub fix_versions: Vec<Named<'a>>,
    pub versions: Vec<Named<'a>>,
    pub components: Vec<Named<'a>>,
    pub parent: Option<LinkedIssue<'a>>,
    pub subtasks: Vec<LinkedIssue<'a>>,
    pub links: Vec<IssueLink<'a>>,
    pub created: Option<Time>,
    pub updated: Option<Time>,
    pub resolved: Option<Time>,
    pub due: Option<Text<'a>>,
    pub time_tracking: Option<TimeTracking>,
    pub comments: Option<Comments<'a>>,
    pub worklogs: Option<Worklogs<'a>>,
    pub attachments: Option<Vec<Attachment<'a>>>,
    /// Fields that this adapter, or Jira itself, does not know by name; `null` is nothing.
    pub others: Vec<(Text<'a>, &'a RawValue)>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the fields of an issue")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<Fields<'de>, M::Error> {
                let mut fields = Fields::default();
                while let Some(name) = members.next_key::<Text<'de>>()? {
                    fields.read(name, &mut members)?;
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl<'a> Fields<'a> {
    fn read<M: MapAccess<'a>>(&mut self, name: Text<'a>, members: &mut M) -> Result<(), M::Error> {
        match &*name {
            "summary" => self.summary = members.next_value()?,
            "description" => self.description = something(members)?,
            "environment" => self.environment = something(members)?,
            "issuetype" => self.issue_type = members.next_value()?,
            "status" => self.status = members.next_value()?,
            "resolution" => self.resolution = members.next_value()?,
            "priority" => self.priority = members.next_value()?,
            "labels" => self.labels = list(members)?,
            "assignee" => self.assignee = members.next_value()?,
            "reporter" => self.reporter = members.next_value()?,
            "creator" => self.creator = members.next_value()?,
            "project" => self.project = members.next_value()?,
            "fixVersions" => self.fix_versions = list(members)?,
            "versions" => self.versions = list(members)?,
            "components" => self.components = list(members)?,
            "parent" => self.parent = members.next_value()?,
            "subtasks" => self.subtasks = list(members)?,
            "issuelinks" => self.links = list(members)?,
            "created" => self.created = members.next_value()?,
            "updated" => self.updated = members.next_value()?,
            "resolutiondate" => self.resolved = members.next_value()?,
            "duedate" => self.due = members.next_value()?,
            "timetracking" => self.time_tracking = members.next_value()?,
            "comment" => self.comments = members.next_value()?,
            "worklog" => self.worklogs = members.next_value()?,
            "attachment" => self.attachments = members.next_value()?,
            _ => self.others.extend(something(members)?.map(|value| (name, value))),
        }
        Ok(())
    }
}

fn something<'a, M: MapAccess<'a>>(members: &mut M) -> Result<Option<&'a RawValue>, M::Error> {
    Ok(Some(members.next_value::<&'a RawValue>()?).filter(|value| value.get() != "null"))
}

fn list<'a, M: MapAccess<'a>, T: Deserialize<'a>>(members: &mut M) -> Result<Vec<T>, M::Error> {
    Ok(members.next_value::<Option<Vec<T>>>()?.unwrap_or_default())
}

/// A state: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-statuses/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status<'a> {
    #[serde(borrow)]
    pub id: Option<Id<'a>>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub status_category: Option<StatusCategory<'a>>,
}

/// The step that a state falls into.
#[derive(Debug, Deserialize)]
pub(crate) struct StatusCategory<'a> {
    #[serde(borrow)]
    pub key: Option<Text<'a>>,
}

/// A project: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Project<'a> {
    #[serde(borrow)]
    pub id: Option<Id<'a>>,
    #[serde(borrow)]
    pub key: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub project_type_key: Option<Text<'a>>,
}

/// Another issue, as one that names it shows it.
#[derive(Debug, Deserialize)]
pub(crate) struct LinkedIssue<'a> {
    #[serde(borrow)]
    pub key: Option<Text<'a>>,
    #[serde(borrow)]
    pub fields: Option<LinkedFields<'a>>,
}

/// What is shown of another issue.
#[derive(Debug, Deserialize)]
pub(crate) struct LinkedFields<'a> {
    #[serde(borrow)]
    pub summary: Option<Text<'a>>,
}

/// A link: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-links/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueLink<'a> {
    #[serde(borrow)]
    pub id: Option<Id<'a>>,
    #[serde(borrow, rename = "type")]
    pub link_type: Option<LinkType<'a>>,
    #[serde(borrow)]
    pub inward_issue: Option<LinkedIssue<'a>>,
    #[serde(borrow)]
    pub outward_issue: Option<LinkedIssue<'a>>,
}

/// A kind of link, with its name from either side: `blocks`, `is blocked by`.
#[derive(Debug, Deserialize)]
pub(crate) struct LinkType<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub inward: Option<Text<'a>>,
    #[serde(borrow)]
    pub outward: Option<Text<'a>>,
}

/// How long it is thought to take, and has taken.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TimeTracking {
    pub original_estimate_seconds: Option<i64>,
    pub remaining_estimate_seconds: Option<i64>,
    pub time_spent_seconds: Option<i64>,
}

/// A comment: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Comment<'a> {
    #[serde(borrow)]
    pub id: Id<'a>,
    #[serde(borrow)]
    pub author: Option<User<'a>>,
    #[serde(borrow)]
    pub body: Option<&'a RawValue>,
    pub created: Option<Time>,
    pub updated: Option<Time>,
    /// Cloud: whether a customer of a service project sees it; `true` also where there is none.
    pub jsd_public: Option<bool>,
    #[serde(borrow)]
    pub visibility: Option<Visibility<'a>>,
    #[serde(borrow)]
    pub properties: Option<Vec<Property<'a>>>,
    #[serde(borrow)]
    pub parent_id: Option<Id<'a>>,
}

/// The group or role that a comment is for.
#[derive(Debug, Deserialize)]
pub(crate) struct Visibility<'a> {
    #[serde(borrow)]
    pub value: Option<Text<'a>>,
}

/// An entry of the work log: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Worklog<'a> {
    #[serde(borrow)]
    pub id: Id<'a>,
    #[serde(borrow)]
    pub author: Option<User<'a>>,
    #[serde(borrow)]
    pub comment: Option<&'a RawValue>,
    pub started: Option<Time>,
    pub time_spent_seconds: Option<i64>,
}

/// A file: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment<'a> {
    #[serde(borrow)]
    pub id: Option<Id<'a>>,
    #[serde(borrow)]
    pub filename: Text<'a>,
    #[serde(borrow)]
    pub author: Option<User<'a>>,
    pub created: Option<Time>,
    pub size: Option<u64>,
    #[serde(borrow)]
    pub mime_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub content: Option<Text<'a>>,
}

/// A part of a list, and how long the list is: `{"comments": […], "total": 7}`, or the list alone.
#[derive(Debug)]
pub(crate) struct Listed<T> {
    pub items: Vec<T>,
    pub total: Option<u64>,
}

/// The comments inside of an issue, or a page of them.
pub(crate) type Comments<'a> = Listed<Comment<'a>>;

/// The work log inside of an issue, or a page of it.
pub(crate) type Worklogs<'a> = Listed<Worklog<'a>>;

/// Where the items of a list stand.
pub(crate) trait Item {
    /// The name of the member.
    const LIST: &'static str;
}

impl Item for Comment<'_> {
    const LIST: &'static str = "comments";
}

impl Item for Worklog<'_> {
    const LIST: &'static str = "worklogs";
}

impl<'de, T: Deserialize<'de> + Item> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Item> Visitor<'de> for Either<T> {
            type Value = Listed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "`{}`, or a page of them", T::LIST)
            }

            fn visit_seq<S: SeqAccess<'de>>(self, items: S) -> Result<Listed<T>, S::Error> {
                let items = Vec::deserialize(SeqAccessDeserializer::new(items))?;
                Ok(Listed { items, total: None })
            }

            fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<Listed<T>, M::Error> {
                let mut listed = Listed { items: Vec::new(), total: None };
                while let Some(name) = members.next_key::<Text<'de>>()? {
                    match &*name {
                        name if name == T::LIST => listed.items = list_of(&mut members)?,
                        "total" => listed.total = members.next_value()?,
                        _ => drop(members.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(listed)
            }
        }
        deserializer.deserialize_any(Either(std::marker::PhantomData))
    }
}

fn list_of<'de, M: MapAccess<'de>, T: Deserialize<'de>>(members: &mut M) -> Result<Vec<T>, M::Error> {
    Ok(members.next_value::<Option<Vec<T>>>()?.unwrap_or_default())
}
