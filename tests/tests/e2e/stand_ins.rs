//! Against servers that nobody of this project wrote. `tests/servers/emulate.sh start` starts them and prints the variables
//! that tell where they are; `.ci/run` does so, and runs these tests, where the servers can be installed.

use std::env;

use usher_tests::{World, world};

use crate::operations::{Words, every_operation_works};

/// Returns what a variable says that `emulate.sh` prints.
fn told(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: export what `tests/servers/emulate.sh start` prints"))
}

#[test]
#[ignore = "needs the npm package `emulate`: tests/servers/emulate.sh"]
fn a_stand_in_for_github_does_every_operation() {
    let (url, token, repository) =
        (told("EMULATE_GITHUB_URL"), told("EMULATE_GITHUB_TOKEN"), told("EMULATE_GITHUB_REPOSITORY"));
    let world = World::new();
    world.config(&format!(
        "[connections.work]\nadapter = \"github\"\nbase_url = \"{url}\"\ndefault_project = \"{repository}\"\n\
         projects = [\"{repository}\"]\nauth.token = \"${{EMULATE_GITHUB_TOKEN}}\"\n"
    ));
    let run = |arguments: &[&str]| {
        let mut command = world.usher();
        command.env("EMULATE_GITHUB_TOKEN", &token).args(arguments);
        world::finish(command, "")
    };
    every_operation_works(
        run,
        &Words { done: "closed", label: Some("stand-in"), internal_notes: false, create: &[], end: &[] },
    );
}
