//! Writes that an adapter hides in a read: none of them leaves the house.

use usher_tests::{
    World,
    servers::github::{FakeGithub, Seed},
};

#[test]
fn a_write_during_a_read_is_refused_whatever_the_adapter_calls_it() {
    for (library, id) in
        [("lies_about_effect", "villain-lies-about-effect"), ("forges_call_header", "villain-forges-call-header")]
    {
        // Any server will do: nothing may arrive there.
        let server = FakeGithub::start(Seed::empty());
        let world = World::new();
        world.drop_in(library);
        let address = server.url();
        world.config(&format!("[connections.own]\nadapter = \"{id}\"\nbase_url = \"{address}\"\n"));
        let key = format!("own:{}-1", id.trim_start_matches("villain-").to_uppercase());
        let ticket = world.run(&["get", &key, "--json"]).expect(0).json();
        assert_eq!(ticket["title"], "all refused", "{ticket}");
        assert!(server.ledger().is_empty(), "{:#?}", server.requests());
    }
}
