use std::{fs, time::Instant};

use super::*;

fn in_time() -> Deadline {
    Deadline::after(Duration::from_secs(30))
}

async fn found(source: SecretSource) -> Result<String> {
    read(&source, in_time()).await.map(|found| found.secret.expose().to_owned())
}

#[tokio::test]
async fn a_file_loses_one_line_end_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    for (written, expected) in [("a b", "a b"), ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), (" a \n", " a ")] {
        fs::write(&file, written).unwrap();
        assert_eq!(found(SecretSource::File(file.clone())).await.unwrap(), expected, "{written:?}");
    }
}

#[tokio::test]
async fn a_file_that_holds_no_secret_is_an_error_that_does_not_repeat_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    let cases: [(Vec<u8>, &str); 3] = [
        (b"\n".to_vec(), "is empty"),
        (b"s3cret\xff".to_vec(), "is not text in UTF-8"),
        (vec![b'x'; LARGEST + 1], "is longer than 64 KiB"),
    ];
    for (written, message) in cases {
        fs::write(&file, written).unwrap();
        let error = found(SecretSource::File(file.clone())).await.unwrap_err();
        assert!(error.message().contains(message), "{error}");
        assert!(!error.message().contains("s3cret"), "{error}");
    }
    let error = found(SecretSource::File(folder.path().to_owned())).await.unwrap_err();
    assert!(error.message().contains("is not a regular file"), "{error}");
}

#[cfg(unix)]
mod commands {
    use super::*;

    fn command(line: &str) -> SecretSource {
        SecretSource::Command(Secret::new(line))
    }

    #[tokio::test]
    async fn a_command_prints_the_secret_and_has_no_shell_and_no_stdin() {
        assert_eq!(found(command("printf '%s\\n' 'a  $HOME'")).await.unwrap(), "a  $HOME");
        assert_eq!(found(command("sh -c 'read line || echo nobody'")).await.unwrap(), "nobody");
    }

    #[tokio::test]
    async fn a_command_that_fails_is_heard_on_stderr_only() {
        let error = found(command("sh -c 'echo s3cret; echo locked >&2; exit 3'")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CredentialMissing);
        assert_eq!(error.message(), "`sh` failed: exit status: 3");
        assert_eq!(error.hint(), Some("It said: locked"));
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_and_a_line_that_cannot_be_split_say_so() {
        let error = found(command("/no/such/program x")).await.unwrap_err();
        assert!(error.message().starts_with("`/no/such/program` cannot be started"), "{error}");
        let error = found(command("pass 'show")).await.unwrap_err();
        assert!(error.message().contains("cannot be split into words"), "{error}");
    }

    #[tokio::test]
    async fn a_command_that_takes_too_long_is_ended_with_what_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        let number = folder.path().join("number");
        let line = format!("sh -c 'sleep 600 & echo $! > {}; wait'", number.display());
        // It ends when the number is there, not after a time that may be too short on a busy machine.
        let running = tokio::spawn(async move { command_until_dropped(&line).await });
        let pid = loop {
            match fs::read_to_string(&number).ok().and_then(|text| text.trim().parse::<i32>().ok()) {
                Some(pid) => break rustix::process::Pid::from_raw(pid).unwrap(),
                None => tokio::task::yield_now().await,
            }
        };
        running.abort();
        assert!(running.await.unwrap_err().is_cancelled());
        // Whoever has been killed is gone as soon as its new parent has taken note.
        while is_alive(pid) {
            tokio::task::yield_now().await;
        }
    }

    async fn command_until_dropped(line: &str) -> Result<Secret> {
        super::super::command::run(line, Instant::now() + Duration::from_secs(600)).await
    }

    fn is_alive(pid: rustix::process::Pid) -> bool {
        let state = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
        state.rsplit(')').next().is_some_and(|rest| !rest.trim().is_empty() && !rest.trim().starts_with('Z'))
    }

    #[tokio::test]
    async fn the_deadline_of_a_command_is_an_error_that_says_so() {
        let error = super::super::command::run("sleep 600", Instant::now()).await.unwrap_err();
        assert!(error.message().contains("took too long"), "{error}");
    }
}

#[tokio::test]
async fn no_keyring_is_one_sentence_that_offers_other_places() {
    let error = found(SecretSource::Keyring("usher/no-such-connection-of-a-test/token".to_owned())).await;
    // Where there is a keyring, it has no such entry; everywhere the error says what to do.
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CredentialMissing);
    assert!(error.hint().is_some(), "{error}");
}
