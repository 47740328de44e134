//! Every platform with a fake of its own through the whole host: linked in, and dropped in, where it runs in a worker.
//!
//! What only one platform has is tested in its own module. A request that a platform does not describe fails the test.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use usher_tests::{
    Run, World,
    servers::{
        Fake,
        azure_devops::{FakeAzureDevOps, Seed as AzureDevOpsSeed},
        jira::{FakeJira, Seed as JiraSeed},
        linear::{FakeLinear, Seed as LinearSeed},
        monday::{FakeMonday, Seed as MondaySeed},
        servicenow::FakeServiceNow,
        trello::{FakeTrello, Seed as TrelloSeed},
    },
};

use crate::operations::{Words, every_operation_works};

/// How many tickets a long list has: more pages than are asked for side by side.
const MANY: u64 = 2_000;

/// A platform, and a world whose connection `work` is an account there.
pub(crate) struct Site {
    pub(crate) fake: Box<dyn Fake>,
    pub(crate) world: World,
    package: &'static str,
}

impl Site {
    /// Returns a world for an account; each secret goes into a file.
    fn new(fake: Box<dyn Fake>, package: &'static str, settings: &str, auth: &[(&str, &str)]) -> Self {
        let world = World::new();
        let adapter = package.strip_prefix("usher-adapter-").expect("a platform's package");
        let mut config =
            format!("[connections.work]\nadapter = \"{adapter}\"\nbase_url = \"{}\"\n{settings}\n", fake.url());
        config += "[connections.work.auth]\n";
        for (field, value) in auth {
            let file = world.path(field);
            fs::write(&file, value).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            config += &format!("{field} = \"file:{field}\"\n");
        }
        world.config(&config);
        Self { fake, world, package }
    }

    fn linear(seed: LinearSeed) -> Self {
        let fake = FakeLinear::start(seed);
        let key = fake.token("ada");
        Self::new(
            Box::new(fake),
            "usher-adapter-linear",
            "default_project = \"ENG\"\nprojects = [\"ENG\"]",
            &[("key", &key)],
        )
    }

    fn jira(fake: FakeJira, project: &str) -> Self {
        let (login, token) = fake.credentials("ada");
        let settings = format!("default_project = \"{project}\"\nprojects = [\"{project}\"]");
        Self::new(Box::new(fake), "usher-adapter-jira", &settings, &[("email", &login), ("token", &token)])
    }

    fn azure_devops(fake: FakeAzureDevOps) -> Self {
        let (organization, token) = (fake.organization().to_owned(), fake.token("ada"));
        let settings = format!(
            "default_project = \"{organization}/My Web\"\nprojects = [\"{organization}/My Web\"]\noptions.organization = \"{organization}\""
        );
        Self::new(Box::new(fake), "usher-adapter-azure-devops", &settings, &[("token", &token)])
    }

    pub(crate) fn monday(fake: FakeMonday) -> Self {
        let (boards, token) = (fake.boards(), fake.token("ada"));
        let listed = boards.iter().map(|board| format!("\"{board}\"")).collect::<Vec<_>>().join(", ");
        let settings = format!("default_project = \"{}\"\nprojects = [{listed}]", boards[0]);
        Self::new(Box::new(fake), "usher-adapter-monday", &settings, &[("token", &token)])
    }

    fn servicenow(fake: FakeServiceNow) -> Self {
        let (user, password) = fake.credentials();
        let settings = "default_project = \"incident\"\nprojects = [\"incident\"]";
        let auth = [("user", user), ("password", password)];
        let site = Self::new(Box::new(fake), "usher-adapter-servicenow", settings, &auth);
        site.world.drop_in("usher_adapter_servicenow");
        site
    }

    fn trello(seed: TrelloSeed) -> Self {
        let fake = FakeTrello::start(seed);
        let (key, token) = (fake.key(), fake.token("ada"));
        let settings = "default_project = \"Web\"\nprojects = [\"Web\"]";
        Self::new(Box::new(fake), "usher-adapter-trello", settings, &[("key", key), ("token", &token)])
    }

    /// Puts the adapter as a drop-in into the place of the one that is linked in.
    fn dropped_in(self) -> Self {
        self.world.drop_in_newer(self.package);
        let rows = self.run(&["adapter", "list", "--json"]).expect(0).json();
        let adapter = self.package.trim_start_matches("usher-adapter-");
        let row = rows.as_array().unwrap().iter().find(|row| row["id"] == adapter).unwrap().clone();
        assert_eq!((&row["origin"], &row["isolation"]), (&"drop-in".into(), &"worker".into()), "{row:#}");
        self
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.world.run(arguments)
    }

    /// Reads a long list, and compares it with what there is.
    pub(crate) fn lists_everything(&self, count: u64) {
        self.fake.server().set_delay(Duration::from_millis(30));
        let run = self.run(&["list", "--in", "work", "--all", "--json", "--fields", "key"]).expect(0);
        let list = run.json();
        let mut keys: Vec<&str> =
            list["tickets"].as_array().unwrap().iter().filter_map(|it| it["key"].as_str()).collect();
        assert_eq!(keys.len() as u64, count);
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len() as u64, count, "none twice");
        let part = &list["completeness"][0];
        assert_eq!((&part["loaded"], &part["reason"]), (&count.into(), &serde_json::Value::Null), "{part:#}");
        assert!(self.fake.server().ledger().most_at_once() > 1, "pages are asked for side by side");
    }
}

const LINEAR: Words<'static> = Words { done: "Done", label: Some("bug"), internal_notes: false, create: &[], end: &[] };

#[test]
fn linear_linked_in_does_every_operation() {
    let site = Site::linear(LinearSeed::small());
    every_operation_works(|arguments| site.run(arguments), &LINEAR);
}

#[test]
fn linear_dropped_in_does_every_operation() {
    let site = Site::linear(LinearSeed::small()).dropped_in();
    every_operation_works(|arguments| site.run(arguments), &LINEAR);
}

#[test]
fn linear_lists_every_issue_once() {
    Site::linear(LinearSeed::issues(MANY)).lists_everything(MANY);
}

const JIRA: Words<'static> = Words {
    done: "Done",
    label: Some("export"),
    internal_notes: false,
    create: &["--type", "Task"],
    end: &["--resolution", "Done"],
};

#[test]
fn jira_cloud_linked_in_does_every_operation() {
    let site = Site::jira(FakeJira::cloud(JiraSeed::small_cloud()), "OPS");
    every_operation_works(|arguments| site.run(arguments), &JIRA);
}

#[test]
fn jira_cloud_dropped_in_does_every_operation() {
    let site = Site::jira(FakeJira::cloud(JiraSeed::small_cloud()), "OPS").dropped_in();
    every_operation_works(|arguments| site.run(arguments), &JIRA);
}

#[test]
fn jira_cloud_lists_every_issue_once() {
    let fake = FakeJira::cloud(JiraSeed::issues(true, MANY));
    fake.use_uneven_pages();
    Site::jira(fake, "OPS").lists_everything(MANY);
}

#[test]
fn jira_data_center_linked_in_does_every_operation() {
    let site = Site::jira(FakeJira::data_center(JiraSeed::small_data_center()), "OPS");
    every_operation_works(|arguments| site.run(arguments), &JIRA);
}

#[test]
fn jira_data_center_dropped_in_does_every_operation() {
    let site = Site::jira(FakeJira::data_center(JiraSeed::small_data_center()), "OPS").dropped_in();
    every_operation_works(|arguments| site.run(arguments), &JIRA);
}

#[test]
fn jira_data_center_lists_every_issue_once() {
    Site::jira(FakeJira::data_center(JiraSeed::issues(false, MANY)), "OPS").lists_everything(MANY);
}

#[test]
fn what_jira_has_no_form_for_is_a_warning_and_the_write_a_success() {
    let site = Site::jira(FakeJira::cloud(JiraSeed::small_cloud()), "OPS");
    let table = "| a |\n| :-: |\n| b |";
    let reason = "Jira has no exact form for: alignment of a table";
    let warning = format!("warning: written, but not exactly as asked: body: {reason}\n");
    let create = ["create", "New", "--in", "work", "--type", "Task", "--body", table];
    let run = site.run(&create).expect(0);
    assert_eq!(run.stderr, warning);
    let run = site.run(&[&create[..], &["--json"]].concat()).expect(0);
    let altered = serde_json::json!([{ "field": "body", "reason": reason }]);
    assert_eq!(run.json()["altered"], altered);
    let key = run.json()["key"].as_str().unwrap().to_owned();
    assert_eq!(site.run(&["update", &key, "--body", table]).expect(0).stderr, warning);
    assert_eq!(site.run(&["note", &key, table, "--public"]).expect(0).stderr, warning);
    assert_eq!(site.run(&["note", &key, table, "--public", "--json"]).expect(0).json()["altered"], altered);
    assert_eq!(site.run(&["note", &key, "plain", "--public"]).expect(0).stderr, "");
}

const AZURE_DEVOPS: Words<'static> =
    Words { done: "Closed", label: Some("export"), internal_notes: false, create: &["--type", "Bug"], end: &[] };

#[test]
fn azure_devops_services_linked_in_does_every_operation() {
    let site = Site::azure_devops(FakeAzureDevOps::services(AzureDevOpsSeed::small()));
    every_operation_works(|arguments| site.run(arguments), &AZURE_DEVOPS);
}

#[test]
fn azure_devops_services_dropped_in_does_every_operation() {
    let site = Site::azure_devops(FakeAzureDevOps::services(AzureDevOpsSeed::small())).dropped_in();
    every_operation_works(|arguments| site.run(arguments), &AZURE_DEVOPS);
}

#[test]
fn azure_devops_server_linked_in_does_every_operation() {
    let site = Site::azure_devops(FakeAzureDevOps::on_premises(AzureDevOpsSeed::small()));
    every_operation_works(|arguments| site.run(arguments), &AZURE_DEVOPS);
}

#[test]
fn azure_devops_server_dropped_in_does_every_operation() {
    let site = Site::azure_devops(FakeAzureDevOps::on_premises(AzureDevOpsSeed::small())).dropped_in();
    every_operation_works(|arguments| site.run(arguments), &AZURE_DEVOPS);
}

#[test]
fn azure_devops_lists_both_ends_of_what_a_query_for_links_finds() {
    let site = Site::azure_devops(FakeAzureDevOps::services(AzureDevOpsSeed::small()));
    let wiql = "SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.Id] = 1 \
                AND [System.Links.LinkType] = 'System.LinkTypes.Hierarchy-Forward' MODE (MustContain)";
    let run = site.run(&["search", "--native", wiql, "--in", "work", "--json", "--fields", "key"]).expect(0);
    let tickets = run.json()["tickets"].clone();
    let keys: Vec<&str> = tickets.as_array().unwrap().iter().filter_map(|ticket| ticket["key"].as_str()).collect();
    assert!(matches!(keys[..], [one, two] if one.ends_with("#1") && two.ends_with("#2")), "{keys:?}");
}

#[test]
fn azure_devops_lists_every_work_item_once() {
    Site::azure_devops(FakeAzureDevOps::services(AzureDevOpsSeed::issues(MANY))).lists_everything(MANY);
}

const TRELLO: Words<'static> =
    Words { done: "Done", label: Some("export"), internal_notes: false, create: &[], end: &[] };

#[test]
fn trello_linked_in_does_every_operation() {
    let site = Site::trello(TrelloSeed::small());
    every_operation_works(|arguments| site.run(arguments), &TRELLO);
}

#[test]
fn trello_dropped_in_does_every_operation() {
    let site = Site::trello(TrelloSeed::small()).dropped_in();
    every_operation_works(|arguments| site.run(arguments), &TRELLO);
}

#[test]
fn trello_lists_every_card_once() {
    // More than one page, of which each has up to 1,000 cards.
    Site::trello(TrelloSeed::issues(2 * MANY)).lists_everything(2 * MANY);
}

const MONDAY: Words<'static> =
    Words { done: "Done", label: Some("export"), internal_notes: false, create: &["--type", "Task"], end: &[] };

#[test]
fn monday_linked_in_does_every_operation() {
    let site = Site::monday(FakeMonday::start(MondaySeed::small()));
    every_operation_works(|arguments| site.run(arguments), &MONDAY);
}

#[test]
fn monday_dropped_in_does_every_operation() {
    let site = Site::monday(FakeMonday::start(MondaySeed::small())).dropped_in();
    every_operation_works(|arguments| site.run(arguments), &MONDAY);
}

#[test]
fn monday_lists_every_item_once() {
    Site::monday(FakeMonday::start(MondaySeed::issues(MANY))).lists_everything(MANY);
}

const SERVICENOW: Words<'static> = Words {
    done: "Closed",
    label: None,
    internal_notes: true,
    create: &[],
    end: &["--resolution", "Solved (Permanently)", "--field", "close_notes=Done."],
};

#[test]
fn servicenow_dropped_in_does_every_operation() {
    let site = Site::servicenow(FakeServiceNow::start(3));
    every_operation_works(|arguments| site.run(arguments), &SERVICENOW);
}

#[test]
fn what_servicenow_shows_as_characters_is_a_warning_and_the_write_a_success() {
    let site = Site::servicenow(FakeServiceNow::start(0));
    let warning =
        "warning: written, but not exactly as asked: body: ServiceNow's plain text has no exact form for: bold\n";
    let body = "Mail is **down**";
    let created = site.run(&["create", "New", "--in", "work", "--body", body, "--json"]).expect(0).json();
    let key = created["key"].as_str().unwrap().to_owned();
    assert_eq!(site.run(&["update", &key, "--body", body]).expect(0).stderr, warning);
    assert_eq!(site.run(&["note", &key, body, "--public"]).expect(0).stderr, warning);
    assert_eq!(site.run(&["note", &key, "Mail is down.", "--public"]).expect(0).stderr, "");
}

#[test]
fn servicenow_lists_every_record_once() {
    Site::servicenow(FakeServiceNow::start(MANY)).lists_everything(MANY);
}
