//! Granted folders whose place is taken by another: what the adapter reaches then, and what is said.
//!
//! That a confined process cannot reach the other folder, whatever it tries, is a scene of `host/tests/confine`.

use std::{fs, os::unix::fs::symlink, path::Path};

use usher_adapter_sdk::{Error, ErrorKind, message::Include};
use usher_tests::{World, plugins, world::copy_folder};

use super::supervision::{Host, ONE_BY_ONE, quick};

const CONFIG: &str = "[adapters.folder.grants]\nfilesystem = [\"tickets:rw\"]\n\n[connections.work]\nadapter = \"folder\"\n\n\
                      [connections.work.options]\npath = \"tickets\"\n";

/// What stands in the folder that nobody has granted.
const SECRET: &str = "Nobody may read this";

/// A folder with `tickets`, and `secret` with a ticket of the same key.
fn folders() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&plugins::workspace().join("examples/folder/tickets"), &folder.path().join("tickets"));
    secret(&folder.path().join("secret"));
    folder
}

fn secret(folder: &Path) {
    fs::create_dir(folder).unwrap();
    fs::write(folder.join("SHOP-3.md"), format!("---\ntitle: {SECRET}\nstatus: to do\n---\n")).unwrap();
}

fn host() -> Host {
    Host::configured(folders(), CONFIG, &["usher_example_folder"], quick())
}

async fn get(host: &Host) -> Result<String, Error> {
    let line = host.service.get(&host.resolve("work:SHOP-3"), Include::default()).await;
    line.map(|answered| String::from_utf8(answered.ticket).unwrap()).map_err(|failure| failure.error)
}

/// Checks that a ticket is refused with that text, and that a way out is named.
#[track_caller]
fn is_refused(answer: Result<String, Error>, text: &str) {
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    assert!(error.message().contains(text), "`{text}` is not in `{error}`");
    assert!(error.hint().is_some_and(|hint| !hint.is_empty()), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_takes_the_place_of_a_granted_one_is_said_before_the_adapter_is_asked() {
    let _one = ONE_BY_ONE.lock().await;
    let host = host();
    assert!(get(&host).await.unwrap().contains("Checkout button"));
    let before = host.workers();
    fs::rename(host.path("tickets"), host.path("moved")).unwrap();
    fs::rename(host.path("secret"), host.path("tickets")).unwrap();
    is_refused(get(&host).await, "tickets was replaced while the adapter ran");
    // The path is granted, and a process that starts now is given what is there now.
    assert!(get(&host).await.unwrap().contains(SECRET));
    assert_ne!(host.workers(), before);
    fs::remove_dir_all(host.path("tickets")).unwrap();
    is_refused(get(&host).await, "tickets cannot be found any more");
    host.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_takes_the_place_of_a_granted_folder_leads_nowhere() {
    let _one = ONE_BY_ONE.lock().await;
    let host = host();
    get(&host).await.unwrap();
    fs::rename(host.path("tickets"), host.path("moved")).unwrap();
    symlink(host.path("secret"), host.path("tickets")).unwrap();
    is_refused(get(&host).await, "tickets was replaced while the adapter ran");
    for _ in 0..2 {
        is_refused(get(&host).await, "/secret now");
    }
    // Put back, it is what was granted.
    fs::remove_file(host.path("tickets")).unwrap();
    fs::rename(host.path("moved"), host.path("tickets")).unwrap();
    assert!(get(&host).await.unwrap().contains("Checkout button"));
    host.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_is_put_back_was_never_away() {
    let _one = ONE_BY_ONE.lock().await;
    let host = host();
    get(&host).await.unwrap();
    let before = host.workers();
    fs::rename(host.path("tickets"), host.path("moved")).unwrap();
    fs::rename(host.path("moved"), host.path("tickets")).unwrap();
    get(&host).await.unwrap();
    assert_eq!(host.workers(), before);
    host.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_was_granted_is_followed_once() {
    let _one = ONE_BY_ONE.lock().await;
    let folders = folders();
    symlink("tickets", folders.path().join("link")).unwrap();
    let config = CONFIG.replace("path = \"tickets\"", "path = \"link\"");
    let host = Host::configured(folders, &config, &["usher_example_folder"], quick());
    assert!(get(&host).await.unwrap().contains("Checkout button"));
    fs::remove_file(host.path("link")).unwrap();
    symlink("secret", host.path("link")).unwrap();
    is_refused(get(&host).await, "link was replaced while the adapter ran");
    is_refused(get(&host).await, "/secret now");
    host.close().await;
}

#[test]
fn a_link_grants_what_it_leads_to_when_the_connection_is_opened() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    secret(&world.path("secret"));
    symlink("tickets", world.path("link")).unwrap();
    // The link in the grant, in the option, in both: each means the folder behind it.
    for (granted, named) in [("link", "tickets"), ("tickets", "link"), ("link", "link")] {
        let config = config.replace("tickets:rw", &format!("{granted}:rw"));
        world.config(&config.replace("path = \"tickets\"", &format!("path = \"{named}\"")));
        world.run(&["note", "SHOP-3", "Through a link."]).expect(0);
    }
    assert!(fs::read_to_string(world.path("tickets/SHOP-3.md")).unwrap().contains("Through a link."));
    fs::remove_file(world.path("link")).unwrap();
    symlink("secret", world.path("link")).unwrap();
    // Whoever grants a link grants whatever it leads to.
    assert!(world.run(&["get", "SHOP-3"]).expect(0).stdout.contains(SECRET));
    // Whoever grants a folder does not, and the answer names the place that was meant.
    world.config(&config.replace("path = \"tickets\"", "path = \"link\""));
    let run = world.run(&["get", "SHOP-3"]).expect(3);
    assert!(!run.stdout.contains(SECRET) && run.stderr.contains("is not granted that"), "{run:#?}");
    assert!(run.stderr.contains(&format!("{}:rw", world.path("secret").display())), "{run:#?}");
}
