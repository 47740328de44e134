//! Markers of tickets, which stand in the column `correlation_id`. Entries of a journal have no place for one.

use usher_adapter_sdk::{
    Error, Result,
    message::{Found as Carrier, MarkerKind},
};

use crate::{
    ServiceNow,
    api::{Answer, Found},
    config::BASE_TABLE,
    mapping, query,
};

/// The column that a marker stands in.
pub(super) const COLUMN: &str = "correlation_id";

const COLUMNS: &str = "sys_id,number,sys_class_name,sys_created_on,correlation_id";

/// Finds the tickets that carry a marker, in the table of all.
pub(crate) async fn find_by_marker(snow: &ServiceNow, kind: &MarkerKind, marker: &str) -> Result<Vec<Carrier>> {
    if *kind != MarkerKind::Ticket {
        return Err(Error::unsupported(format_args!("finding a {kind} by its marker")));
    }
    let request = snow.rows(BASE_TABLE, query::is(COLUMN, marker)?, COLUMNS, 10)?;
    let response = snow.send(request, &"the marker").await?;
    let Answer { result: Found(records) } = response.decode()?;
    // A wrong term of a query is passed over in silence: what does not carry the marker was not found.
    let own = records.iter().filter(|record| record.value(COLUMN) == marker);
    own.map(|record| {
        Ok(Carrier::ticket(mapping::key(record, None)?)
            .with_url(snow.page(mapping::table(record, None), record.value("sys_id")))
            .with_created_at(mapping::utc(record.value("sys_created_on"))))
    })
    .collect()
}
