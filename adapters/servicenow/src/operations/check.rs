//! Who am I here, and what may I read.

use futures_util::future;
use usher_adapter_sdk::{Error, ErrorKind, Result, message::Identity};

use super::lookup;
use crate::{
    ServiceNow,
    api::{Answer, Found},
    mapping,
};

/// Tables that help, and what is missing without them.
const HELPFUL: &[(&str, &str)] = &[
    ("sys_choice", "states and other choices cannot be looked up by their labels"),
    ("sys_journal_field", "notes are read as the records show them, without times and ids"),
];

/// Returns whose account it is, and what an operator should know of its rights.
pub(crate) async fn check(snow: &ServiceNow) -> Result<Identity> {
    let readable = future::join_all(HELPFUL.iter().map(|(table, missing)| readable(snow, table, missing)));
    let (me, warnings) = future::join(lookup::myself(snow), readable).await;
    let response = me?;
    let Answer { result: Found(rows) } = response.decode()?;
    let user = rows
        .first()
        .ok_or_else(|| Error::new(ErrorKind::Permission, "the account may not read its own row of `sys_user`"))?;
    let time_zone = user.filled("time_zone").map(|zone| zone.value.to_string());
    let warnings = warnings.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(Identity::default()
        .with_user(mapping::user(user))
        .with_product("ServiceNow".to_owned())
        .with_server_time(response.date())
        .with_time_zone(time_zone)
        .with_warnings(warnings.into_iter().flatten().collect::<Vec<_>>()))
}

/// Returns a warning for a table that may not be read.
async fn readable(snow: &ServiceNow, table: &str, missing: &str) -> Result<Option<String>> {
    match snow.send(snow.rows(table, String::new(), "sys_id", 1)?, &table).await {
        Ok(response) => {
            let Answer { result: Found(rows) } = response.decode()?;
            Ok(rows.is_empty().then(|| format!("no row of `{table}` can be read: {missing}")))
        }
        Err(error) if error.kind() == ErrorKind::Permission => {
            Ok(Some(format!("`{table}` may not be read: {missing}")))
        }
        Err(error) => Err(error),
    }
}
