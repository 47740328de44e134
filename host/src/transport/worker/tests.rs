use std::fs;

use usher_adapter_sdk::{host::Connection, model::Json, wire::WIRE_VERSION};

use super::*;

struct Silence;

impl Logger for Silence {
    fn line(&self, _level: u32, _connection: &str, _message: &str) {}
}

#[tokio::test]
async fn a_process_that_never_says_hello_is_not_counted_against_the_file() {
    let state = tempfile::tempdir().unwrap();
    let sha256 = "a".repeat(64);
    let ledger = Arc::new(Ledger::new(Some(state.path())));
    let spec = || Spec {
        // It knows nothing of workers, and ends at once.
        program: PathBuf::from("/bin/sh"),
        adapter: "acme".to_owned(),
        library: Prepared {
            file: PathBuf::from("acme.so"),
            path: PathBuf::from("copy.so"),
            sha256: sha256.clone(),
            symbol: "acme".to_owned(),
            record: Vec::new(),
        },
        config: CreateConfig {
            wire_version: WIRE_VERSION,
            host_version: "1.0.0".to_owned(),
            connection: Connection::new("work"),
            options: Json::parse("{}").unwrap(),
        },
        grants: Vec::new(),
        places: Vec::new(),
        network: false,
        require_sandbox: false,
        supervision: Supervision::default(),
        ledger: ledger.clone(),
        logger: Arc::new(Silence),
    };
    let runtime = tokio::runtime::Handle::current();
    // One more than what quarantines a file.
    for _ in 0..6 {
        let capabilities = Capabilities::new("work", runtime.clone(), Arc::new(Silence), None, Arc::default());
        let started = OnWorker::create(spec(), capabilities, Deadline::after(Duration::from_secs(30))).await;
        let error = started.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::AdapterRefused, "{error}");
        assert!(error.message().starts_with("no process for the adapter `acme`"), "{error}");
    }
    // Neither this process nor the next one knows anything of the file.
    for ledger in [ledger, Arc::new(Ledger::new(Some(state.path())))] {
        assert_eq!((ledger.standing(&sha256), ledger.known()), (Standing::Unknown, Vec::new()));
    }
    assert!(!fs::exists(state.path().join("adapters")).unwrap(), "nothing was written");
}
