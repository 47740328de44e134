//! monday.com's HTML, which is that of `usher-adapter-html`.

use usher_adapter_html::Html;
use usher_adapter_sdk::model::RichText;

pub(crate) use usher_adapter_html::from_markdown;

/// How its editor marks a person.
const HTML: Html = Html::with_mentions_by("data-mention-id");

/// Returns HTML as Markdown, with itself beside it and a word for everything that was lost.
pub(crate) fn to_markdown(html: &str) -> RichText {
    HTML.to_markdown(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_whom_the_editor_names_is_a_mention() {
        let text = to_markdown("<a class=\"user_mention_editor\" data-mention-id=\"7\">@Mara</a>");
        assert_eq!(text.lossy, ["mention"]);
    }
}
