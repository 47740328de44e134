//! The frames between a host and its worker, as far as villains write them past the worker.
//!
//! A frame is the length of its header and that of its body, both as `u32` in little-endian order, the header as JSON,
//! and the body. The kind `result` carries the number of its call, a status, and how much of the body is the header of
//! the message. What reads frames is the host's.

use crate::raw::{Call, Reply, line};

/// Sends a frame past the worker, and then answers the call properly.
pub fn send_and_answer(frame: &[u8], call: &Call) -> Reply {
    if cfg!(not(unix)) {
        return call.unsupported();
    }
    match send(frame) {
        0 => call.titled("found no socket"),
        _ => call.titled("the second answer"),
    }
}

/// Returns a well-formed answer to a call: a ticket with a title.
pub fn ticket(call: u64, key: &str, title: &str) -> Vec<u8> {
    let head = "{}";
    let body = format!("{head}{}", line(key, title));
    let mut frame = beginning(call, head.len(), body.len() as u32);
    frame.extend_from_slice(body.as_bytes());
    frame
}

/// Returns the beginning of an answer to a call: everything but the body, which is said to be that long.
pub fn beginning(call: u64, head: usize, body: u32) -> Vec<u8> {
    let header = format!(r#"{{"kind":"result","id":{call},"status":0,"head":{head}}}"#);
    let mut frame = Vec::with_capacity(8 + header.len());
    frame.extend_from_slice(&(header.len() as u32).to_le_bytes());
    frame.extend_from_slice(&body.to_le_bytes());
    frame.extend_from_slice(header.as_bytes());
    frame
}

/// Writes bytes to every socket of the process, and returns how many took them all.
fn send(bytes: &[u8]) -> usize {
    #[cfg(unix)]
    let taken = crate::descriptors::sockets().into_iter().filter(|socket| crate::descriptors::write(*socket, bytes));
    // Elsewhere a villain knows no descriptors.
    #[cfg(not(unix))]
    let taken = std::iter::empty::<i32>().filter(|_| !bytes.is_empty());
    taken.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_says_how_long_its_parts_are() {
        let frame = ticket(7, "ANSWERS-TWICE-1", "A ticket");
        let number = |place: usize| u32::from_le_bytes(frame[place..place + 4].try_into().unwrap()) as usize;
        let (header, body) = (number(0), number(4));
        assert_eq!(frame.len(), 8 + header + body);
        assert_eq!(&frame[8..8 + header], br#"{"kind":"result","id":7,"status":0,"head":2}"#);
        let body = std::str::from_utf8(&frame[8 + header..]).unwrap();
        assert!(body.starts_with(r#"{}{"key":"ANSWERS-TWICE-1""#), "{body}");
    }
}
