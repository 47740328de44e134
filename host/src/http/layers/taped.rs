//! Records what passes, or answers from a recording: above the credentials, which neither sees.

use std::sync::Arc;

use bytes::Bytes;
use usher_adapter_sdk::Error;

use super::wire;
use crate::{
    http::{Call, Exchange, Failure, Request, Response, tape::Tape},
    transport::Files,
};

/// The greatest file that is downloaded while it is recorded: it is held in memory.
const RECORDED_FILE: u64 = 64 << 20;

/// Records, replays or does nothing.
pub(crate) struct Taped<N> {
    connection: Arc<str>,
    tape: Tape,
    files: Arc<Files>,
    next: N,
}

impl<N> Taped<N> {
    /// Returns the layer around the next one.
    pub(crate) fn new(connection: Arc<str>, tape: Tape, files: Arc<Files>, next: N) -> Self {
        Self { connection, tape, files, next }
    }

    /// Puts the body into the file that the request names, as the network would have.
    async fn deliver(&self, sink: Option<u64>, mut response: Response) -> Result<Response, Failure> {
        let Some(sink) = sink.filter(|_| response.status.is_success()) else { return Ok(response) };
        let (files, body) = (self.files.clone(), std::mem::replace(&mut response.body, Bytes::new()));
        let written = tokio::task::spawn_blocking(move || files.write(sink, &body)).await;
        let written =
            written.unwrap_or_else(|error| Err(Error::validation(format!("the file was not written: {error}"))));
        written.map_err(Failure::refused)?;
        Ok(response)
    }
}

impl<N: Exchange> Exchange for Taped<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        if !wire::is_watched() {
            return self.pass(request, call).await;
        }
        wire::tell_request(&request);
        let outcome = self.pass(request, call).await;
        wire::tell_outcome(&outcome);
        outcome
    }
}

impl<N: Exchange> Taped<N> {
    async fn pass(&self, mut request: Request, call: &Call) -> Result<Response, Failure> {
        match &self.tape {
            Tape::Off => self.next.send(request, call).await,
            Tape::Replay(replayer) => {
                let response = replayer.answer(&self.connection, &request).map_err(Failure::refused)?;
                self.deliver(request.sink, response).await
            }
            Tape::Record(recorder) => {
                let sink = request.sink.take();
                if sink.is_some() {
                    request.body_cap = request.body_cap.min(RECORDED_FILE);
                }
                let response = self.next.send(request.clone(), call).await?;
                recorder.keep(&self.connection, call, &request, &response);
                self.deliver(sink, response).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::http::{
        Body,
        tape::{Recorder, Replayer},
        testing::{FakeNetwork, answer, call, get, headers, post},
    };

    const URL: &str = "https://tickets.example/issues/3";

    fn taped(tape: Tape, network: &FakeNetwork) -> Taped<FakeNetwork> {
        Taped::new("work".into(), tape, Arc::default(), network.clone())
    }

    fn recording(folder: &Path, network: &FakeNetwork) -> Taped<FakeNetwork> {
        let redact: crate::http::tape::Redact = Arc::new(|text| text.replace("hunter2", "***"));
        taped(Tape::Record(Arc::new(Recorder::begin(folder, Some(redact)).unwrap())), network)
    }

    fn replaying(folder: &Path) -> Taped<FakeNetwork> {
        taped(Tape::Replay(Arc::new(Replayer::open(folder).unwrap())), &FakeNetwork::new([]))
    }

    #[tokio::test]
    async fn what_was_recorded_is_replayed_without_a_network() {
        let folder = tempfile::tempdir().unwrap();
        let network = FakeNetwork::new([
            Ok(answer(200, &[("etag", "\"a\""), ("link", "<a>"), ("link", "<b>")], r#"{"n":1}"#)),
            Ok(answer(200, &[], "second\n")),
            Ok(answer(201, &[], r#"{"id":7}"#)),
            Ok(answer(404, &[], "")),
        ]);
        let record = recording(folder.path(), &network);
        let asked = || get(&format!("{URL}?b=2&a=1"));
        let mut recorded = Vec::new();
        for request in [asked(), asked(), post(URL, r#"{"x":1,"y":2}"#), get("https://tickets.example/none")] {
            recorded.push(record.send(request, &call()).await.unwrap());
        }
        let replay = replaying(folder.path());
        let again = [
            get(&format!("{URL}?a=1&b=2#part")),
            asked(),
            post(URL, r#"{ "y": 2, "x": 1 }"#),
            get("https://tickets.example/none"),
        ];
        for (request, recorded) in again.into_iter().zip(&recorded) {
            let replayed = replay.send(request, &call()).await.unwrap();
            assert_eq!((replayed.status, &replayed.body), (recorded.status, &recorded.body));
            assert_eq!(replayed.headers, recorded.headers);
        }
        assert_eq!(replay.send(asked(), &call()).await.unwrap().body, "second\n", "a read gets the last one again");
        let failure = replay.send(post(URL, r#"{"x":1,"y":2}"#), &call()).await.unwrap_err();
        assert!(failure.error.message().contains("have all been given, the last from 0003.json"), "{}", failure.error);
    }

    #[tokio::test]
    async fn a_file_of_a_recording_can_be_read_and_holds_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let body = r#"{"title":"my hunter2","tags":["a"]}"#;
        let network = FakeNetwork::new([Ok(answer(200, &[("set-cookie", "s3cret")], body))]);
        let mut request = post("https://tickets.example/issues?token=s3cret&q=1", "hunter2?");
        request.headers = headers(&[("accept", "application/json"), ("x-api-key", "s3cret")]);
        recording(folder.path(), &network).send(request, &call()).await.unwrap();
        let text = fs::read_to_string(folder.path().join("0001.json")).unwrap();
        let expected = r#"{
  "connection": "work",
  "operation": "get",
  "request": {
    "method": "POST",
    "url": "https://tickets.example/issues?token=***&q=1",
    "headers": {
      "accept": "application/json",
      "x-api-key": "***"
    },
    "body": {
      "text": "***?"
    }
  },
  "response": {
    "status": 200,
    "headers": {
      "set-cookie": "***"
    },
    "body": {
      "json": {
        "title": "my ***",
        "tags": [
          "a"
        ]
      }
    }
  }
}
"#;
        assert_eq!(text, expected);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join("0001.json")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[tokio::test]
    async fn a_request_without_an_answer_is_told_the_closest_one() {
        let folder = tempfile::tempdir().unwrap();
        let network = FakeNetwork::new([Ok(answer(200, &[], "x"))]);
        let record = recording(folder.path(), &network);
        record.send(get(URL), &call()).await.unwrap();
        record.send(get("https://tickets.example/users"), &call()).await.unwrap();
        let replay = replaying(folder.path());
        let failure = replay.send(get("https://tickets.example/issues/4"), &call()).await.unwrap_err();
        assert_eq!(failure.error.message(), "the recording has no answer to GET https://tickets.example/issues/4");
        assert_eq!(
            failure.error.hint(),
            Some("Closest is GET https://tickets.example/issues/3 in 0001.json. Record it again with --record.")
        );
        let other_body = Request { body: Body::Bytes("other".into()), ..get(URL) };
        let failure = replay.send(other_body, &call()).await.unwrap_err();
        assert!(failure.error.hint().unwrap().starts_with("0001.json has another body"), "{:?}", failure.error.hint());
    }

    #[test]
    fn a_recording_is_never_mixed_with_another_and_what_is_none_is_not_replayed() {
        let folder = tempfile::tempdir().unwrap();
        let error = Replayer::open(folder.path()).unwrap_err();
        assert!(error.message().contains("recording.json"), "{error}");
        Recorder::begin(folder.path(), None).unwrap();
        let error = Recorder::begin(folder.path(), None).unwrap_err();
        assert!(error.message().ends_with("is not empty, and a recording must be"), "{error}");
        fs::write(folder.path().join("recording.json"), r#"{"format":2,"program":"usher 9.0.0"}"#).unwrap();
        let error = Replayer::open(folder.path()).unwrap_err();
        assert!(error.message().contains("has format 2, made by usher 9.0.0"), "{error}");
    }
}
