//! What an answer that was lost may have left behind.

use serde_json::json;
use usher_adapter_sdk::{ErrorKind, message::MarkerKind, model::TicketKey};

use crate::server::{Server, item, list, ok, unexpected};

#[test]
fn a_work_item_is_found_by_reading_the_accounts_own_newest() {
    let server = Server::new(|asked| match asked.path().as_str() {
        "POST /_apis/wit/wiql" => {
            ok(json!({"workItems": (1..=250).map(|id| json!({"id": id})).collect::<Vec<_>>()}).to_string())
        }
        "POST /_apis/wit/workitemsbatch" => {
            let body = asked.json();
            let items = body["ids"].as_array().unwrap().iter().map(|id| match id.as_u64().unwrap() {
                7 => item(7, json!({"Microsoft.VSTS.TCM.ReproSteps": "<p>x</p><span>usher:6f1e-3b52</span>"})),
                id => item(id, json!({"System.Description": "usher:6f1e-0000"})),
            });
            ok(list(items).to_string())
        }
        _ => unexpected(asked),
    });
    let found = server.kit.find_by_marker(MarkerKind::Ticket, "6f1e-3b52", None).unwrap();
    assert_eq!(found.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["acme/Web#7"]);
    assert_eq!(
        server.asked()[0].conditions(),
        "[System.CreatedBy] = @me AND [System.CreatedDate] >= '2025-12-31T00:00:00Z'"
    );
    assert_eq!(server.lines().len(), 3);
    assert_eq!(server.kit.find_by_marker(MarkerKind::Ticket, "6f1e-9999", None).unwrap(), []);
}

#[test]
fn a_note_is_found_on_its_work_item() {
    let server = Server::new(|_| {
        ok(json!({"comments": [{"id": 1, "text": "x"}, {"id": 2, "text": "y<span>usher:6f1e-3b52</span>"}]})
            .to_string())
    });
    let key = TicketKey::new("acme/Web#5");
    let found = server.kit.find_by_marker(MarkerKind::Note, "6f1e-3b52", Some(&key)).unwrap();
    assert_eq!((found.len(), found[0].note_id.as_deref(), found[0].key.as_str()), (1, Some("2"), "acme/Web#5"));
    let error = server.kit.find_by_marker(MarkerKind::Note, "6f1e-3b52", None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}
