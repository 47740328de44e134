//! Versions of the API: which there are, and what is a preview in them.

use super::{reply::Refusal, service::Call};

/// The newest version that a Server and Services know.
const NEWEST_OF_SERVER: (u32, u32) = (7, 1);
const NEWEST_OF_SERVICES: (u32, u32) = (7, 2);

/// Checks the version that a request asks for. A part that is a preview must be asked for as one.
pub(super) fn check(call: &Call, preview: bool) -> Result<(), Refusal> {
    let asked = call.asked("api-version").unwrap_or_default();
    let (number, is_preview) = asked.split_once("-preview").map_or((asked, false), |(number, _)| (number, true));
    let read = |(major, minor): (&str, &str)| Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?));
    let Some(version) = number.split_once('.').and_then(read) else {
        let message = format!("The api-version '{asked}' is not in a valid form.");
        return Err(Refusal::new(400, "VssInvalidApiResourceVersionException", message));
    };
    let newest = if call.site.services { NEWEST_OF_SERVICES } else { NEWEST_OF_SERVER };
    if version > newest {
        let message = format!(
            "The requested REST API version of {number} is out of range for this server. The latest REST API version this server supports is {}.{}.",
            newest.0, newest.1
        );
        return Err(Refusal::new(400, "VssVersionOutOfRangeException", message));
    }
    if preview && !is_preview {
        let message = format!(
            "The requested version \"{number}\" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: \"{number}-preview\""
        );
        return Err(Refusal::new(400, "VssInvalidPreviewVersionException", message));
    }
    Ok(())
}
