//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::manifest::{
    Manifest, MarkerPlace, Needs, Operation,
    detect::Detector,
    reference::{Input, parse_reference},
};

const SYS_ID: &str = "9d385017c611228701d22104cc95c371";

/// Links to the record with the id in place of `ID`, and the table that they name.
const LINKS: &[(&str, &str)] = &[
    ("https://acme.service-now.com/nav_to.do?uri=incident.do?sys_id=ID", "incident"),
    ("https://acme.service-now.com/nav_to.do?uri=/incident.do?sys_id=ID", "incident"),
    ("https://acme.service-now.com/nav_to.do?uri=incident.do%3Fsys_id%3DID%26x%3D1", "incident"),
    ("https://acme.service-now.com/nav_to.do?uri=%2Fsc_task.do%3Fsysparm_view%3Dx%26sys_id%3DID", "sc_task"),
    ("https://acme.service-now.com/incident.do?sys_id=ID", "incident"),
    ("https://acme.service-now.com/incident.do?sys_id=ID&sysparm_record_target=incident#x", "incident"),
    ("HTTPS://ACME.Service-Now.com/incident.do?sys_id=ID", "incident"),
    ("<https://acme.service-now.com/incident.do?sys_id=ID>.", "incident"),
    ("https://acme.service-now.com/now/nav/ui/classic/params/target/incident.do%3Fsys_id%3DID", "incident"),
    ("https://acme.service-now.com/now/nav/ui/classic/params/target/incident.do%253Fsys_id%253DID", "incident"),
    ("https://acme.service-now.com/now/sow/record/incident/ID", "incident"),
    ("https://acme.service-now.com/now/sow/record/incident/ID/params/x", "incident"),
    ("https://acme.service-now.com/api/now/table/change_request/ID", "change_request"),
    ("https://acme.service-now.com/sp?id=ticket&table=incident&sys_id=ID", "incident"),
    ("https://helpdesk.example.com/problem.do?sys_id=ID", "problem"),
];

/// Links that are no ticket of ServiceNow's.
const NOT_LINKS: &[&str] = &[
    "https://acme.service-now.com/incident_list.do?sysparm_query=active=true",
    "https://acme.service-now.com/incident.do?sys_id=-1",
    "https://acme.service-now.com/incident.do",
    "https://acme.service-now.com/sp?id=sc_cat_item&sys_id=ID",
    "https://acme.service-now.com/incident.do?sys_id=ID0",
    "https://acme.service-now.com.evil.example/incident.do?sys_id=ID",
    "https://xservice-now.com/incident.do?sys_id=ID",
    "https://a.b.service-now.com/incident.do?sys_id=ID",
    "https://other.example.com/incident.do?sys_id=ID",
    "https://acme.service-now.com@evil.example/incident.do?sys_id=ID",
    "https://evil.example/?u=https://acme.service-now.com/incident.do?sys_id=ID",
    "ftp://acme.service-now.com/incident.do?sys_id=ID",
];

/// Bare ids, and what they mean.
const IDS: &[(&str, &str)] = &[
    ("INC0010023", "INC0010023"),
    ("inc0010023", "INC0010023"),
    ("CHG0031889", "CHG0031889"),
    ("SCTASK0000001", "SCTASK0000001"),
    ("TASK0000001", "TASK0000001"),
    (SYS_ID, "9d385017c611228701d22104cc95c371 ~"),
];

/// What is no id of ServiceNow's.
const NOT_IDS: &[&str] =
    &["", "INC", "INC123", "INC-0010023", "INC0010023x", "XINC0010023", "0010023", "9d385017c611228701d22104cc95c37"];

#[test]
fn every_shape_of_a_link_means_its_record() {
    for (text, table) in LINKS {
        let text = text.replace("ID", SYS_ID);
        assert_eq!(url(&text), Some(format!("{table}/{SYS_ID}")), "{text}");
    }
}

#[test]
fn other_pages_and_look_alikes_mean_nothing() {
    for text in NOT_LINKS {
        let text = text.replace("ID", SYS_ID);
        assert_eq!(url(&text), None, "{text}");
    }
}

#[test]
fn every_number_means_its_record_and_nothing_else_does() {
    let found = |text: &str| -> Vec<String> {
        let found = Detector::new(&manifest().detect).id(text, None);
        let mark = |is_native| if is_native { " ~" } else { "" };
        found.into_iter().map(|found| format!("{}{}", found.key, mark(found.native))).collect()
    };
    for (text, expected) in IDS {
        assert_eq!(found(text), [*expected], "{text}");
    }
    for text in NOT_IDS {
        assert_eq!(found(text), [""; 0], "{text}");
    }
    assert_eq!(Detector::new(&manifest().detect).id(SYS_ID, None).remove(0).needs, Needs::Connection);
}

#[test]
fn whatever_is_detected_is_a_key() {
    let links = LINKS.iter().map(|(text, _)| url(&text.replace("ID", SYS_ID)).unwrap());
    let ids = IDS.iter().map(|(_, key)| key.split(' ').next().unwrap_or_default().to_owned());
    for key in links.chain(ids) {
        assert!(crate::key::Key::parse(&key.as_str().into()).is_ok(), "{key}");
    }
}

#[test]
fn the_manifest_offers_every_operation_and_notes_of_both_kinds() {
    let manifest = manifest();
    for operation in Operation::ALL {
        assert!(manifest.supports(*operation), "{operation:?}");
    }
    assert!(manifest.notes.internal && manifest.notes.public);
    assert_eq!((manifest.markers.ticket, manifest.markers.note), (MarkerPlace::Field, MarkerPlace::None));
}

#[test]
fn variables_of_servicenow_s_own_tools_make_a_connection() {
    let manifest = manifest();
    let made = &manifest.environment[0];
    let variable = |name: &str| match name {
        "SN_HOST" => Some("https://acme.service-now.com".to_owned()),
        "SN_USERNAME" => Some("ada".to_owned()),
        "SN_PASSWORD" => Some("secret".to_owned()),
        _ => None,
    };
    assert_eq!(made.base_url.as_ref().unwrap().resolve(variable).as_deref(), Some("https://acme.service-now.com"));
    assert_eq!(made.auth["user"].resolve(variable).as_deref(), Some("ada"));
    assert_eq!(made.auth["password"].resolve(variable).as_deref(), Some("secret"));
}

fn manifest() -> Manifest {
    Manifest::parse(include_str!("../adapter.toml")).unwrap()
}

fn url(text: &str) -> Option<String> {
    let manifest = manifest();
    let parse = |text: &str| match parse_reference(text) {
        Ok(Input::Url(url)) => Some(url),
        _ => None,
    };
    let base_url = manifest.base_url.as_ref().unwrap();
    let addresses: Vec<_> = base_url.addresses(&parse("https://helpdesk.example.com").unwrap()).into_iter().collect();
    Detector::new(&manifest.detect).url(&parse(text)?, &addresses).map(|found| found.key)
}
