//! Files that hang on a text. Linear keeps them as links in the Markdown, to a host that holds nothing else.

use usher_adapter_sdk::model::Attachment;

/// Where files are that were dropped into a text.
const UPLOADS: &str = "https://uploads.linear.app/";

/// Says whether an address is that of a file which Linear keeps: then it needs the connection's credentials.
pub(crate) fn is_upload(url: &str) -> bool {
    url.strip_prefix(UPLOADS).is_some_and(|path| !path.is_empty() && !path.contains(['\\', '@', '?', '#']))
}

/// Returns the files that a text links to, in the order of the text.
pub(super) fn of(text: &str) -> Vec<Attachment> {
    let links = text.match_indices(UPLOADS).map(|(start, _)| (start, link_at(text, start)));
    links.filter(|(_, link)| is_upload(link)).map(|(start, link)| file(link, label_before(text, start))).collect()
}

/// Returns the link that begins there: it ends where Markdown, HTML or a sentence end it.
fn link_at(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let end = rest.find(|c: char| c.is_whitespace() || "()[]<>\"'`|\\?#".contains(c)).unwrap_or(rest.len());
    rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '*', '_'])
}

/// Returns the words of the Markdown link whose address begins there: `[words](https://…`.
fn label_before(text: &str, start: usize) -> Option<&str> {
    let label = text[..start].strip_suffix("](")?;
    let label = &label[label.rfind('[')? + 1..];
    (!label.trim().is_empty()).then(|| label.trim())
}

fn file(link: &str, label: Option<&str>) -> Attachment {
    // The address ends with a UUID as often as with a name.
    let last = link.rsplit('/').next().unwrap_or(link);
    let name = if last.contains('.') { last } else { label.unwrap_or(last) };
    Attachment::new(link, name).with_url(link.to_owned()).with_is_link(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, String)> {
        of(text).into_iter().map(|file| (file.name, file.id)).collect()
    }

    #[test]
    fn files_that_were_dropped_into_a_text_are_found() {
        let file = "https://uploads.linear.app/3f/9c/0ddfb1a7";
        for (text, name, id) in [
            (format!("![screen shot]({file})"), "screen shot", file),
            (format!("see {file}."), "0ddfb1a7", file),
            (format!("[log]({file}/trace.txt)"), "trace.txt", "https://uploads.linear.app/3f/9c/0ddfb1a7/trace.txt"),
            (format!("![]({file}?signature=x)"), "0ddfb1a7", file),
        ] {
            assert_eq!(names(&text), [(name.to_owned(), id.to_owned())], "{text}");
        }
    }

    #[test]
    fn other_links_are_no_files() {
        for link in [
            "https://linear.app/acme/issue/ENG-1",
            "https://uploads.linear.app/",
            "https://uploads.linear.app",
            "https://uploads.linear.app.evil.example/3f",
            "https://uploads.linear.app@evil.example/3f",
            "http://uploads.linear.app/3f",
            "https://evil.example/?u=https:%2F%2Fuploads.linear.app/3f",
        ] {
            assert_eq!(names(link), [], "{link}");
        }
    }
}
