use super::*;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Every character in it is changed by some encoding.
const SECRET: &str = "k\u{e4}n/a+r ?>y\"&<'\\%~zz";

fn knowing(value: &str) -> Redactor {
    let redactor = Redactor::default();
    redactor.learn(value);
    redactor
}

#[test]
fn a_secret_is_replaced_in_every_encoding() {
    let redactor = knowing(SECRET);
    let json = serde_json::to_string(SECRET).unwrap();
    let form: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let percent = utf8_percent_encode(SECRET, NON_ALPHANUMERIC).to_string();
    let url = url::Url::parse_with_params("https://example.com/", [("token", SECRET)]).unwrap();
    let mut loose = url::Url::parse("https://example.com/").unwrap();
    loose.set_query(Some(SECRET));
    let cases = [
        SECRET.to_owned(),
        form.clone(),
        form.to_lowercase(),
        percent.clone(),
        percent.to_lowercase(),
        url.query().unwrap().trim_start_matches("token=").to_owned(),
        loose.query().unwrap().to_owned(),
        STANDARD.encode(SECRET),
        STANDARD_NO_PAD.encode(SECRET),
        URL_SAFE.encode(SECRET),
        URL_SAFE_NO_PAD.encode(SECRET),
        json.clone(),
        json.replace('/', "\\/").replace('\u{e4}', "\\u00e4"),
        json.replace('&', "\\u0026").replace('<', "\\u003C").replace('>', "\\u003E").replace('\u{e4}', "\\u00E4"),
        serde_json::to_string(&json).unwrap(),
        format!("{SECRET:?}"),
        SECRET.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
    ];
    for case in cases {
        let shown = redactor.text(&format!("before {case} after")).replace(['"', '\\'], "");
        assert_eq!(shown, "before *** after", "{case}");
    }
}

#[test]
fn a_secret_is_found_in_base64_whatever_stands_around_it() {
    let redactor = knowing("s3cret-t0ken");
    for user in ["", "a", "ab", "abc", "ada@example.com"] {
        for engine in [STANDARD, URL_SAFE] {
            let pair = engine.encode(format!("{user}:s3cret-t0ken"));
            let shown = redactor.text(&pair).into_owned();
            assert!(shown.contains(STARS), "{pair}");
            let left = shown.replace(STARS, "");
            assert!(left.len() < pair.len() - 12, "{shown} tells too much");
        }
    }
}

#[test]
fn the_longest_secret_wins_where_one_begins_with_another() {
    let redactor = knowing("s3cret");
    redactor.learn("s3cret-and-more");
    assert_eq!(redactor.text("a s3cret-and-more, a s3cret"), "a ***, a ***");
}

#[test]
fn a_text_without_a_secret_is_not_copied() {
    let redactor = knowing("s3cret");
    assert!(matches!(redactor.text("nothing to see"), Cow::Borrowed(_)));
    assert!(matches!(Redactor::default().text("nothing is known"), Cow::Borrowed(_)));
}

#[test]
fn a_short_value_is_not_replaced() {
    let redactor = knowing("abc");
    assert_eq!(redactor.text("abcdef"), "abcdef");
}

#[test]
fn data_keeps_what_may_be_a_word_and_loses_what_cannot() {
    let redactor = knowing("open");
    redactor.learn("ghp_0123456789abcdef");
    let data = redactor.search(|searches| &searches.long, b"open ghp_0123456789abcdef");
    assert_eq!(data.as_ref(), b"open ***");
    assert_eq!(redactor.text("open ghp_0123456789abcdef"), "*** ***");
}

#[test]
fn bytes_that_are_no_text_keep_the_rest() {
    let redactor = knowing("s3cret");
    assert_eq!(redactor.search(|searches| &searches.all, b"\xff s3cret \xfe").as_ref(), b"\xff *** \xfe");
}

#[test]
fn the_parts_of_a_composed_header_are_secrets_too() {
    learn_composed("Basic QUJDREVGR0hJSktMTU5PUA==");
    assert_eq!(text("it was QUJDREVGR0hJSktMTU5PUA== I think"), "it was *** I think");
}
