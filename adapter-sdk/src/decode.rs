//! Reading JSON once, and saying where it was wrong only when it was.

use serde::Deserialize;

use crate::{Error, ErrorKind, Result};

/// Reads JSON into a type that may borrow from it.
///
/// The first pass is the plain one. Only when it fails a second pass finds the path of the trouble, so that
/// the message can say `fields.status.name: expected a string` without costing anything on good answers.
pub fn json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|plain| {
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(located) if located.path().iter().next().is_some() => format!("at `{}`: ", located.path()),
            _ => String::new(),
        };
        Error::new(ErrorKind::ResponseParse, format!("the answer could not be read: {path}{plain}"))
    })
}
