//! Request Tracker's JSON, in its words: <https://docs.bestpractical.com/rt/5.0/RT/REST2.html>

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use usher_adapter_sdk::{Result, decode::Text, host::Response};

/// A number or a text: ids and amounts are the one in some answers and the other in others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Id(pub String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl de::Visitor<'_> for Either {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.to_owned()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A record beside another: one that the account may not see is an empty text in its place.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Beside<T> {
    Seen(T),
    Hidden(de::IgnoredAny),
}

impl<T> Beside<T> {
    /// Returns the record, if it is to be seen.
    pub(crate) fn seen(&self) -> Option<&T> {
        match self {
            Self::Seen(record) => Some(record),
            Self::Hidden(_) => None,
        }
    }
}

/// One page of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Collection<T> {
    pub items: Vec<T>,
}

/// What a page says of the list.
#[derive(Debug, Deserialize)]
pub(crate) struct PageInfo {
    pub count: u64,
    pub total: Option<u64>,
    next_page: Option<String>,
}

impl PageInfo {
    pub(crate) fn of(page: &Response) -> Result<Self> {
        page.decode()
    }

    /// Says whether there may be more after this page.
    pub(crate) fn has_more(&self) -> bool {
        self.next_page.is_some() || (self.total.is_none() && self.count > 0)
    }
}

/// Somebody; the id is the login.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct User<'a> {
    pub id: Id,
    #[serde(rename = "RealName", borrow)]
    pub real_name: Option<Text<'a>>,
    #[serde(rename = "EmailAddress", borrow)]
    pub email_address: Option<Text<'a>>,
}

/// A queue beside a ticket.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Queue<'a> {
    pub id: Id,
    #[serde(rename = "Name", borrow)]
    pub name: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CustomField<'a> {
    pub id: Id,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow, default = "Vec::new")]
    pub values: Vec<Beside<Text<'a>>>,
}

/// A relation, or something that can be done.
#[derive(Debug, Deserialize)]
pub(crate) struct Hyperlink<'a> {
    #[serde(rename = "ref", borrow)]
    pub kind: Option<Text<'a>>,
    pub id: Option<Id>,
    #[serde(rename = "type", borrow)]
    pub record: Option<Text<'a>>,
    #[serde(rename = "_url", borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub to: Option<Text<'a>>,
    #[serde(borrow)]
    pub label: Option<Text<'a>>,
}

/// A ticket, alone or in a list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Ticket<'a> {
    #[serde(rename = "id")]
    pub id: Id,
    #[serde(borrow)]
    pub subject: Option<Text<'a>>,
    #[serde(borrow)]
    pub status: Option<Text<'a>>,
    #[serde(borrow, rename = "Type")]
    pub ticket_type: Option<Text<'a>>,
    pub priority: Option<Id>,
    pub initial_priority: Option<Id>,
    pub final_priority: Option<Id>,
    pub time_estimated: Option<Id>,
    pub time_worked: Option<Id>,
    pub time_left: Option<Id>,
    #[serde(borrow)]
    pub queue: Option<Beside<Queue<'a>>>,
    #[serde(borrow)]
    pub owner: Option<Beside<User<'a>>>,
    #[serde(borrow)]
    pub creator: Option<Beside<User<'a>>>,
    #[serde(borrow)]
    pub last_updated_by: Option<Beside<User<'a>>>,
    #[serde(borrow, default)]
    pub requestor: Vec<Beside<User<'a>>>,
    #[serde(borrow, default)]
    pub cc: Vec<Beside<User<'a>>>,
    #[serde(borrow, default)]
    pub admin_cc: Vec<Beside<User<'a>>>,
    #[serde(borrow)]
    pub created: Option<Text<'a>>,
    #[serde(borrow)]
    pub last_updated: Option<Text<'a>>,
    #[serde(borrow)]
    pub resolved: Option<Text<'a>>,
    #[serde(borrow)]
    pub due: Option<Text<'a>>,
    #[serde(borrow)]
    pub starts: Option<Text<'a>>,
    #[serde(borrow)]
    pub started: Option<Text<'a>>,
    #[serde(borrow)]
    pub told: Option<Text<'a>>,
    #[serde(borrow)]
    pub custom_fields: Option<Vec<CustomField<'a>>>,
    #[serde(rename = "_hyperlinks", borrow)]
    pub hyperlinks: Option<Vec<Hyperlink<'a>>>,
}

impl Ticket<'_> {
    /// Says whether the account may do something: `comment`, `correspond`.
    pub(crate) fn allows(&self, what: &str) -> bool {
        self.hyperlinks.iter().flatten().any(|link| link.kind.as_deref() == Some(what))
    }
}

/// Something that happened to a ticket.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Transaction<'a> {
    #[serde(rename = "id")]
    pub id: Id,
    #[serde(borrow, rename = "Type")]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub creator: Option<Beside<User<'a>>>,
    #[serde(borrow)]
    pub created: Option<Text<'a>>,
}

/// A part of a message in a list: its text, a file, or what holds others.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Attachment<'a> {
    #[serde(rename = "id")]
    pub id: Id,
    #[serde(borrow)]
    pub filename: Option<Text<'a>>,
    #[serde(borrow)]
    pub content_type: Option<Text<'a>>,
    pub content_length: Option<Id>,
    pub transaction_id: Option<TransactionId>,
    #[serde(borrow)]
    pub creator: Option<Beside<User<'a>>>,
    #[serde(borrow)]
    pub created: Option<Text<'a>>,
    /// Its bytes in base64 where it was asked for alone, its text as it is in a list.
    #[serde(borrow)]
    pub content: Option<Text<'a>>,
}

impl Attachment<'_> {
    /// Returns how many bytes it has.
    pub(crate) fn length(&self) -> Option<u64> {
        self.content_length.as_ref().and_then(|length| length.0.parse().ok())
    }
}

/// The transaction that a part belongs to: a text in a list, a record where the part was asked for alone.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum TransactionId {
    Record { id: Id },
    Number(Id),
}

impl TransactionId {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Record { id } | Self::Number(id) => &id.0,
        }
    }
}

/// A queue in the list of queues.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct QueueRecord {
    #[serde(rename = "id")]
    pub id: Id,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub lifecycle: String,
}

/// A custom field of a queue, in a list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FieldRecord {
    #[serde(rename = "id")]
    pub id: Id,
    #[serde(default)]
    pub name: String,
    #[serde(default, rename = "Type")]
    pub kind: String,
    pub max_values: Option<Id>,
    #[serde(default)]
    pub pattern: String,
}

/// A custom field alone.
#[derive(Debug, Deserialize)]
pub(crate) struct FieldValues {
    #[serde(rename = "Values")]
    pub values: Option<Beside<Vec<String>>>,
}

/// What was made.
#[derive(Debug, Deserialize)]
pub(crate) struct Made {
    pub id: Id,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Server {
    #[serde(rename = "Version")]
    pub version: Option<String>,
}
