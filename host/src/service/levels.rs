//! What the operator says that native names mean, put into a ticket in place of the adapter's own reading.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Result, decode,
    model::{Priority, Status, TicketType},
    wire,
};

use crate::route::Levels;

/// The members of an object in their order, unread.
struct Members<'a>(Vec<(String, std::borrow::Cow<'a, RawValue>)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::with_capacity(map.size_hint().unwrap_or(32));
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((name, std::borrow::Cow::Borrowed(value)));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, &**value)?;
        }
        map.end()
    }
}

/// Returns the ticket's line with the operator's levels; everything else passes through unread.
pub(super) fn apply(line: &[u8], levels: &Levels) -> Result<Vec<u8>> {
    let mut members: Members<'_> = decode::json(line)?;
    for (name, value) in &mut members.0 {
        let mapped = match name.as_str() {
            "status" if !levels.status.is_empty() => status(value, levels)?,
            "type" if !levels.types.is_empty() => ticket_type(value, levels)?,
            "priority" if !levels.priority.is_empty() => priority(value, levels)?,
            _ => None,
        };
        if let Some(mapped) = mapped {
            *value = std::borrow::Cow::Owned(mapped);
        }
    }
    Ok(wire::to_json(&members))
}

type Mapped = Option<Box<RawValue>>;

fn raw<T: Serialize>(value: &T) -> Mapped {
    serde_json::value::to_raw_value(value).ok()
}

fn status(value: &RawValue, levels: &Levels) -> Result<Mapped> {
    let mut status: Status = decode::json(value.get().as_bytes())?;
    let Some(level) = levels.status.get(&status.native.name) else { return Ok(None) };
    status.category = level.0.clone();
    status.is_open = status.category.is_open();
    Ok(raw(&status))
}

fn ticket_type(value: &RawValue, levels: &Levels) -> Result<Mapped> {
    let mut ticket_type: TicketType = decode::json(value.get().as_bytes())?;
    let level = ticket_type.native.as_ref().and_then(|native| levels.types.get(&native.name));
    let Some(level) = level else { return Ok(None) };
    ticket_type.level = level.0.clone();
    Ok(raw(&ticket_type))
}

fn priority(value: &RawValue, levels: &Levels) -> Result<Mapped> {
    let mut priority: Priority = decode::json(value.get().as_bytes())?;
    let level = priority.native.as_ref().and_then(|native| levels.priority.get(&native.name));
    let Some(level) = level else { return Ok(None) };
    priority.level = level.0.clone();
    Ok(raw(&priority))
}
