//! Files.

use usher_adapter_sdk::{ErrorKind, message::NewAttachment};

use crate::{instance::Instance, server::Server};

const KEY: &str = "INC0010001";

#[test]
fn a_file_goes_up_as_the_body_and_comes_down_again() {
    let server = Server::new(Instance::with_incidents(2));
    let file = NewAttachment::new("log é.txt").with_media_type("text/plain".to_owned());
    let made = server.kit.attach(KEY, &file, b"the bytes").unwrap();
    assert_eq!((&*made.name, made.size, made.media_type.as_deref()), ("log é.txt", Some(9), Some("text/plain")));
    let listed = server.kit.attachments(KEY).unwrap();
    assert_eq!(listed, std::slice::from_ref(&made));
    assert_eq!(listed[0].author.as_ref().unwrap().handle.as_deref(), Some("ada"));
    assert_eq!(server.kit.attachments("INC0010002").unwrap(), []);
    let (file, _) = server.kit.download(KEY, &made.id).unwrap();
    assert_eq!(file, made);
    assert!(server.host.requests().last().unwrap().into_sink.is_some());
    let error = server.kit.download("INC0010002", &made.id).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "a file of another record is none of this one's");
}

#[test]
fn a_name_with_folders_is_refused_before_anything_is_sent() {
    let server = Server::new(Instance::with_incidents(1));
    for name in ["", "../x", "a\\b"] {
        let error = server.kit.attach(KEY, &NewAttachment::new(name), b"x").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{name}");
    }
    assert_eq!(server.paths(), [""; 0]);
}
