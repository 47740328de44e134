//! Forms (`multipart/form-data`), as far as clients here write them.

use super::Request;

/// A part of a form.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content: Vec<u8>,
}

/// Reads the parts of a form.
pub(super) fn parts(request: &Request) -> Result<Vec<Part>, String> {
    let wrong = |why: &str| format!("the form is not right: {why}");
    let kind = request.header("content-type").unwrap_or_default();
    let boundary = kind.split_once("boundary=").map(|(_, boundary)| boundary.trim_matches('"'));
    let boundary = format!("--{}", boundary.ok_or_else(|| wrong("it names no boundary"))?);
    let mut rest =
        request.body.strip_prefix(boundary.as_bytes()).ok_or_else(|| wrong("it does not begin with the boundary"))?;
    let end = format!("\r\n{boundary}");
    let mut parts = Vec::new();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let length = find(part, end.as_bytes()).ok_or_else(|| wrong("a part does not end"))?;
        parts.push(part_of(&part[..length]).ok_or_else(|| wrong("a part has no name"))?);
        rest = &part[length + end.len()..];
    }
    Ok(parts)
}

fn part_of(bytes: &[u8]) -> Option<Part> {
    let end = find(bytes, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let disposition = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let value = |name: &str| Some(disposition.split_once(&format!("; {name}=\""))?.1.split('"').next()?.to_owned());
    Some(Part { name: value("name")?, file_name: value("filename"), content: bytes[end + 4..].to_vec() })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
