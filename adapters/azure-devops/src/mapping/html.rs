//! Azure DevOps' HTML, which is that of `usher-adapter-html` and a marker of ours.

use usher_adapter_html::Html;
use usher_adapter_sdk::model::RichText;

pub(crate) use usher_adapter_html::{from_markdown, words};

/// How its editor marks a person.
const HTML: Html = Html::with_mentions_by("data-vss-mention");

/// Returns HTML as Markdown, with itself beside it and a word for everything that was lost; a marker is no part of it.
pub(crate) fn to_markdown(whole: &str) -> RichText {
    let html = without_marker(whole);
    let mut text = HTML.to_markdown(html);
    if html.len() < whole.len() {
        text.native = Some(whole.to_owned());
    }
    text
}

/// Returns the element that carries a marker: should its style be taken away, its text still stays.
pub(crate) fn marker(word: &str) -> String {
    format!("<span style=\"display:none\">{word}</span>")
}

/// Returns HTML without the marker at its end: it is nothing that somebody has said.
fn without_marker(html: &str) -> &str {
    let cut = || {
        let (before, element) = html.trim_end().strip_suffix("</span>")?.rsplit_once("<span")?;
        let word = element.split_once('>')?.1.strip_prefix("usher:")?;
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-').then_some(before)
    };
    cut().unwrap_or(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_whom_the_editor_names_is_a_mention() {
        let text = to_markdown("<a href=\"#\" data-vss-mention=\"version:2.0,9\">@Mara</a>");
        assert_eq!(text.lossy, ["mention"]);
    }

    #[test]
    fn a_marker_is_no_part_of_what_was_said_whether_its_style_was_kept_or_not() {
        for html in
            [format!("<b>x</b>{}", marker("usher:6f1e-3b52")), "<b>x</b><span>usher:6f1e-3b52</span>\n".to_owned()]
        {
            let text = to_markdown(&html);
            assert_eq!((text.markdown.as_str(), text.native), ("**x**", Some(html)));
        }
        assert_eq!(to_markdown("<span>usher: a program</span>").markdown, "usher: a program");
    }
}
