//! Finding what an interrupted create or note may have left behind.

use usher_adapter_sdk::{
    Error, Result,
    message::{Found, MarkerKind},
};

use super::scan::{Scan, Seen};
use crate::{Folder, key::Key};

/// Returns every ticket or note that carries a marker, by reading the files themselves.
pub(crate) async fn find_by_marker(
    folder: &Folder,
    kind: &MarkerKind,
    marker: &str,
    key: Option<Key>,
) -> Result<Vec<Found>> {
    let look_at: fn(&Seen<'_>, &str) -> Result<Vec<Found>> = match kind {
        MarkerKind::Ticket => in_ticket,
        MarkerKind::Note => in_notes,
        other => return Err(Error::unsupported(format_args!("a marker of the kind `{other}`"))),
    };
    let mut found = Vec::new();
    let mut look = |seen: Seen<'_>| {
        found.extend(look_at(&seen, marker)?);
        Ok(())
    };
    let mut scan = Scan::new(folder);
    match key {
        Some(key) => scan.look(key, look).await?,
        // A file that is broken was not written by an interrupted call: those are whole or not there.
        None => drop(scan.each(&folder.store.keys(None)?, &mut look).await),
    }
    Ok(found)
}

fn in_ticket(seen: &Seen<'_>, marker: &str) -> Result<Vec<Found>> {
    let carries = seen.front.marker.as_ref().is_some_and(|own| own.0 == marker);
    Ok(carries.then(|| Found::ticket(seen.key).with_created_at(seen.front.created)).into_iter().collect())
}

fn in_notes(seen: &Seen<'_>, marker: &str) -> Result<Vec<Found>> {
    let notes = seen.file.notes().map_err(|fault| fault.in_file(seen.key.file_name()))?;
    let carrying = notes.into_iter().filter(|note| note.head.marker.as_deref() == Some(marker));
    Ok(carrying.map(|note| Found::note(seen.key, note.head.id).with_created_at(note.head.at)).collect())
}
