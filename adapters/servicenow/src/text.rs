//! Texts that are written: plain text to ServiceNow, and what of a Markdown that does not show as it was meant.
//!
//! A journal shows what stands between `[code]` and `[/code]` as HTML; it is sent like everything else.
//! <https://www.servicenow.com/docs/r/washingtondc/platform-administration/c_JournalFields.html>

use usher_adapter_plain_text::marks;
use usher_adapter_sdk::{
    message::{Altered, FieldName},
    model::RichText,
};

const LANGUAGE: &str = "ServiceNow's plain text";

/// Says what of a description shows as characters.
pub(crate) fn altered(description: &RichText) -> Option<Altered> {
    Altered::text(FieldName::Body, LANGUAGE, &marks(description))
}

/// Says what of an entry of a journal shows as characters.
pub(crate) fn altered_entry(entry: &RichText) -> Option<Altered> {
    let mut shown_as_text = entry.clone();
    shown_as_text.markdown = without_html(&entry.markdown);
    altered(&shown_as_text)
}

/// Returns what a journal does not show as HTML.
fn without_html(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, begun)) = rest.split_once("[code]")
        && let Some((_, behind)) = begun.split_once("[/code]")
    {
        kept.push_str(before);
        rest = behind;
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(altered: Option<Altered>) -> String {
        altered.map(|altered| altered.reason).unwrap_or_default()
    }

    #[test]
    fn what_shows_as_characters_is_named() {
        let text = RichText::markdown("A **bold** <b>word</b>");
        let expected = "ServiceNow's plain text has no exact form for: HTML, bold";
        assert_eq!(reason(altered(&text)), expected);
        assert_eq!(reason(altered_entry(&text)), expected);
        for text in [RichText::markdown("Since eight, all of us."), RichText::plain("- **a** <b>word</b>")] {
            assert_eq!((altered(&text), altered_entry(&text)), (None, None));
        }
    }

    #[test]
    fn html_that_a_journal_shows_is_what_was_asked_for_and_in_a_description_it_is_not() {
        let text = RichText::markdown("See [code]<b>this</b>[/code] and [code]<i>that</i>[/code].");
        assert_eq!(altered_entry(&text), None);
        assert!(reason(altered(&text)).ends_with(": HTML"));
        for (text, kind) in [
            ("*so* [code]<b>this</b>[/code]", ": italic"),
            ("[code]<b>this</b>[/code] *so*", ": italic"),
            ("[code]<b>without an end</b>", ": HTML"),
        ] {
            assert!(reason(altered_entry(&RichText::markdown(text))).ends_with(kind), "{text}");
        }
    }
}
