//! Drop-ins that another compiler built.

use std::process::Command;

use super::stranger;

/// Returns the toolchains that are installed, but for the one that is used.
fn others() -> Vec<String> {
    let list = |arguments: &[&str]| {
        let output = Command::new("rustup").args(arguments).output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
    };
    let active = list(&["show", "active-toolchain"]);
    let active = active.split_whitespace().next().unwrap_or_default().to_owned();
    let version = |name: &str| {
        let output = Command::new("rustc").arg("--version").env("RUSTUP_TOOLCHAIN", name).output();
        output.map(|output| output.stdout).unwrap_or_default()
    };
    let here = version(&active);
    let names = list(&["toolchain", "list"]);
    let names = names.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != active && version(name) != here).map(str::to_owned).collect()
}

#[test]
fn a_drop_in_of_another_installed_toolchain_loads_and_answers() {
    for toolchain in others() {
        let world = stranger::world();
        let run = stranger::build(&world, Some(&toolchain), "dev");
        run.expect(0);
        let run = world.run(&["get", "MINIMAL-1", "--json"]).expect(0);
        assert_eq!(run.json()["platform"], "stranger", "{toolchain}");
        println!("loaded a drop-in built with {toolchain}");
    }
}
