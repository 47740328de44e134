//! Files that hang on a text. GitHub has no call for them: a file is a link in the Markdown.

use usher_adapter_sdk::model::Attachment;

/// Hosts that hold nothing but files which were dropped into a text, sorted.
const FILE_HOSTS: &[&str] = &["private-user-images.githubusercontent.com", "user-images.githubusercontent.com"];

/// Returns the files that a text links to, in the order of the text; `page` is where the text is read.
pub(super) fn of(text: &str, page: &str) -> Vec<Attachment> {
    let own_host = host_and_path(page).map(|(host, _)| host);
    let links = text.match_indices("https://").map(|(start, _)| (start, link_at(text, start)));
    let files = links.filter(|(_, link)| is_file(link, own_host));
    files.map(|(start, link)| file(link, label_before(text, start))).collect()
}

/// Returns the link that begins there: it ends where Markdown, HTML or a sentence end it.
fn link_at(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let end = rest.find(|c: char| c.is_whitespace() || "()[]<>\"'`|\\".contains(c)).unwrap_or(rest.len());
    rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '*', '_'])
}

fn is_file(link: &str, own_host: Option<&str>) -> bool {
    let Some((host, path)) = host_and_path(link) else { return false };
    if FILE_HOSTS.binary_search(&host).is_ok() {
        return true;
    }
    let is_own = own_host == Some(host) || host == "github.com";
    let mut parts = path.split('/');
    match [parts.next(), parts.next(), parts.next(), parts.next()] {
        // An Enterprise Server may keep them on a host of their own.
        [Some("user"), Some(id), Some("files"), Some(_)]
            if own_host.is_some_and(|own| host.strip_prefix("media.") == Some(own)) =>
        {
            is_number(id)
        }
        [Some("user-attachments"), Some("assets" | "files"), Some(id), _] => is_own && !id.is_empty(),
        [Some("storage"), Some("user"), Some(id), Some(_)] => is_own && is_number(id),
        [Some(_owner), Some(_repository), Some("assets" | "files"), Some(id)] => is_own && is_number(id),
        _ => false,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes a link apart into its host, and its path without what stands before and behind it.
fn host_and_path(link: &str) -> Option<(&str, &str)> {
    let rest = link.strip_prefix("https://")?;
    let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

/// Returns the words of the Markdown link whose address begins there: `[words](https://…`.
fn label_before(text: &str, start: usize) -> Option<&str> {
    let label = text[..start].strip_suffix("](")?;
    let label = &label[label.rfind('[')? + 1..];
    (!label.trim().is_empty()).then(|| label.trim())
}

fn file(link: &str, label: Option<&str>) -> Attachment {
    let last = host_and_path(link).and_then(|(_, path)| path.rsplit('/').next()).unwrap_or(link);
    // A picture is kept under a number or a UUID; only the words of its link have a name.
    let name = if last.contains('.') { last } else { label.unwrap_or(last) };
    Attachment::new(link, name).with_url(link.to_owned()).with_is_link(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://github.com/acme/app/issues/5";

    fn names(text: &str, page: &str) -> Vec<(String, String)> {
        of(text, page).into_iter().map(|file| (file.name, file.id)).collect()
    }

    #[test]
    fn files_that_were_dropped_into_a_text_are_found() {
        let assets = "https://github.com/user-attachments/assets/0ddfb1a7-7b2a-4a4f-8a2f-6f2b7a9d2a11";
        for (text, name, id) in [
            (format!("![screen shot]({assets})"), "screen shot", assets),
            (format!("<img src=\"{assets}\" width=3>"), "0ddfb1a7-7b2a-4a4f-8a2f-6f2b7a9d2a11", assets),
            (format!("see {assets}."), "0ddfb1a7-7b2a-4a4f-8a2f-6f2b7a9d2a11", assets),
        ] {
            assert_eq!(names(&text, PAGE), [(name.to_owned(), id.to_owned())], "{text}");
        }
        for (link, name) in [
            ("https://github.com/user-attachments/files/17/log.txt", "log.txt"),
            ("https://github.com/acme/app/files/17/log.txt", "log.txt"),
            ("https://github.com/acme/app/assets/17/3f-a", "words"),
            ("https://user-images.githubusercontent.com/1/2-3.png", "2-3.png"),
            ("https://private-user-images.githubusercontent.com/1/2-3.png?jwt=x", "2-3.png"),
        ] {
            assert_eq!(names(&format!("[words]({link})"), PAGE), [(name.to_owned(), link.to_owned())], "{link}");
        }
    }

    #[test]
    fn an_enterprise_server_has_its_own_hosts() {
        let page = "https://git.example.com/acme/app/issues/5";
        for link in [
            "https://git.example.com/user-attachments/assets/3f-a",
            "https://git.example.com/storage/user/4/files/3f-a",
            "https://media.git.example.com/user/4/files/3f-a",
        ] {
            assert_eq!(names(link, page).len(), 1, "{link}");
            assert_eq!(names(link, PAGE).len(), 0, "{link}");
        }
    }

    #[test]
    fn other_links_are_no_files() {
        for link in [
            "https://github.com/acme/app/files",
            "https://github.com/acme/app/blob/main/files/1",
            "https://github.com/acme/app/assets/x/y",
            "https://github.com.evil.example/user-attachments/assets/3f-a",
            "https://evil.example/user-attachments/assets/3f-a",
            "https://github.com/user-attachments/assets/",
            "https://",
        ] {
            assert_eq!(names(link, PAGE), [], "{link}");
        }
    }
}
