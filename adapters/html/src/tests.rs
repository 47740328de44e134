//! The conversions, by examples.

use proptest::prelude::*;

use super::*;

const HTML: Html = Html::with_mentions_by("data-person");

fn markdown(html: &str) -> String {
    HTML.to_markdown(html).markdown
}

#[test]
fn what_the_editor_writes_becomes_markdown() {
    for (html, expected) in [
        ("<div>One</div><div>Two</div>", "One\n\nTwo"),
        ("One<br>Two", "One\\\nTwo"),
        ("<p>A <b>bold</b> and an <em>italic</em> word</p>", "A **bold** and an *italic* word"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
        ("<a href=\"https://acme.example/x\">here</a>", "[here](https://acme.example/x)"),
        ("<h2>Title</h2>text", "## Title\n\ntext"),
        ("<pre><code>a &lt; b</code></pre>", "```\na < b\n```"),
        ("2 * 3 &lt; 7 &amp; so on", "2 \\* 3 < 7 & so on"),
        ("Plain words, nothing else", "Plain words, nothing else"),
        ("<script>alert(1)</script>text", "text"),
        ("", ""),
    ] {
        assert_eq!(markdown(html), expected, "{html}");
    }
}

#[test]
fn structure_that_is_not_written_as_usual_is_kept() {
    for (html, expected) in [
        (
            "<table><tr><td>1</td><td>a|b</td></tr><tr><td>2</td></tr></table>",
            "|  |  |\n| --- | --- |\n| 1 | a\\|b |\n| 2 |  |",
        ),
        ("<table><tr><th>A</th></tr><tr><th>row</th></tr></table>", "| A |\n| --- |\n| row |"),
        (
            "<table><caption>All</caption><thead><tr><td>A</td></tr></thead><tr><td><div>1</div><div>2<br>3<br></div></td></tr></table>",
            "All\n\n| A |\n| --- |\n| 1<br>2<br>3 |",
        ),
        ("<table><tr><td>`<code>a|b</code></td></tr></table>", "|  |\n| --- |\n| \\``a\\|b` |"),
        ("a<pre>*x*\n  ~~y~~<br>- z\n</pre>b", "a\n\n```\n*x*\n  ~~y~~\n- z\n```\n\nb"),
        ("<pre class=\"language-rust\"><code>a ``` b</code></pre>", "````rust\na ``` b\n````"),
        ("<del>gone</del> and <s> <b>this</b></s>", "~~gone~~ and ~~**this**~~"),
        ("a ~~b~~ &amp;lt;", "a \\~\\~b\\~\\~ \\&lt;"),
        ("<div>One<br></div><div><br></div><div>Two<br><span><br></span>Three</div>", "One\n\nTwo\\\n\\\nThree"),
        ("<p>One<br><br></p><b>Two<br></b><p>Three<br><x>Four</x></p>", "One\n\n**Two**\n\nThree\\\nFour"),
        ("<h2>One<br>Two</h2>", "## One<br>Two"),
        ("a<br>---<br>1. b<br># c", "a\\\n\\---\\\n1\\. b\\\n\\# c"),
    ] {
        let read = HTML.to_markdown(html);
        assert_eq!((read.markdown.as_str(), read.lossy), (expected, vec![]), "{html}");
        let written = from_markdown(expected);
        assert_eq!((markdown(&written.html).as_str(), written.lost), (expected, vec![]), "{}", written.html);
    }
}

#[test]
fn what_markdown_cannot_hold_is_named_once() {
    for (html, expected) in [
        ("<b>x</b>", &[][..]),
        ("<span style=\"box-sizing:border-box;font-family:Arial;margin:0px\">x</span>", &[]),
        ("<span style=\"color:red;\">x</span><span style=\"background:#ff0\">y</span>", &["color"]),
        ("<u>x</u>", &["underline"]),
        ("<span style=\"text-decoration:none;text-align:left\">x</span>", &[]),
        ("<a href=\"#\" data-person=\"9\">@Mara</a>", &["mention"]),
        ("<img src=\"https://a.example/x.png\" width=30>", &["image size"]),
        ("<table width=30><tr><td colspan=2>x</td></tr></table>", &["merged cells"]),
        ("H<sub>2</sub>O", &["subscript"]),
        ("<dl><dt>a</dt><dd>b</dd></dl>", &["definition list"]),
        ("<table><tr><td><ul><li>a</li></ul></td></tr></table>", &["table"]),
        ("<pre>a <b>b</b></pre>", &["preformatted"]),
    ] {
        assert_eq!(HTML.to_markdown(html).lossy, expected, "{html}");
    }
}

#[test]
fn markdown_becomes_html() {
    let html = |markdown| from_markdown(markdown).html;
    assert_eq!(html("A **bold** word"), "<p>A <strong>bold</strong> word</p>");
    assert!(html("| a | b |\n|---|---|\n| 1 | 2 |").starts_with("<table>"));
    assert_eq!(html("a < b & c"), "<p>a &lt; b &amp; c</p>");
    assert_eq!(html(""), "");
}

#[test]
fn html_of_the_author_becomes_text_and_is_named_but_for_line_breaks() {
    for (text, html, lost, back) in [
        ("List<String>", "<p>List&lt;String&gt;</p>", &["HTML"][..], "List\\<String>"),
        (
            "Map<String, List<Integer>> and <port>",
            "<p>Map&lt;String, List&lt;Integer&gt;&gt; and &lt;port&gt;</p>",
            &["HTML"],
            "Map\\<String, List\\<Integer>> and \\<port>",
        ),
        ("One<br>Two<BR />Three<br/>Four", "<p>One<br>Two<br>Three<br>Four</p>", &[], "One\\\nTwo\\\nThree\\\nFour"),
        (
            "<div>\n*One*<br>two\n\nThree\n</div>",
            "<p>&lt;div&gt;<br>*One*<br>two</p>\n<p>Three</p>\n<p>&lt;/div&gt;</p>",
            &["HTML"],
            "\\<div>\\\n\\*One\\*\\\ntwo\n\nThree\n\n\\</div>",
        ),
        ("One\n\n<br>\n\nTwo", "<p>One</p>\n<p>Two</p>", &[], "One\n\nTwo"),
        ("One\n\n<!-- two -->", "<p>One</p>\n<p>&lt;!-- two --&gt;</p>", &["HTML"], "One\n\n\\<!-- two -->"),
        (
            "`<br>` and\n\n```\n<b>\n```",
            "<p><code>&lt;br&gt;</code> and</p>\n<pre><code>&lt;b&gt;\n</code></pre>",
            &[],
            "`<br>` and\n\n```\n<b>\n```",
        ),
    ] {
        let written = from_markdown(text);
        assert_eq!((written.html.as_str(), &written.lost[..]), (html, lost), "{text}");
        assert_eq!(markdown(&written.html), back, "{text}");
    }
}

#[test]
fn tasks_keep_whether_they_are_done_and_it_is_said_that_they_are_no_tasks_any_more() {
    let written = from_markdown("- [x] one\n- [ ] two");
    assert_eq!(written.html, "<ul>\n<li>☑ one</li>\n<li>☐ two</li>\n</ul>");
    assert_eq!(written.lost, ["task list"]);
    let read = HTML.to_markdown(&written.html);
    assert_eq!((read.markdown.as_str(), read.lossy), ("- ☑ one\n- ☐ two", vec![]));
}

#[test]
fn markdown_of_every_kind_comes_back_as_it_went() {
    for text in [
        "One\n\nTwo",
        "A **bold** and an *italic* word with `code`",
        "- one\n- two",
        "1. one\n2. two",
        "# Title\n\ntext",
        "> quoted",
        "[here](https://acme.example/x)",
        "```\nlet x = 1;\n```",
        "One\\\nTwo",
    ] {
        let written = from_markdown(text);
        assert_eq!((markdown(&written.html).as_str(), written.lost), (text, vec![]));
    }
}

#[test]
fn a_long_text_of_one_sign_or_element_is_read_and_written() {
    for piece in ["<br>", "&amp;", "#", "# ", "x<br>", "&lt;br", "1.", "|", "<i></i>", "`"] {
        let text = markdown(&piece.repeat(10_000));
        assert!(from_markdown(&text).html.len() <= 3_000_000, "{piece}");
    }
    assert!(from_markdown(&format!("<div>{}", "<br".repeat(10_000))).html.contains("&lt;br"));
}

#[test]
fn html_that_lies_too_deep_gives_only_its_text() {
    let deep = |count: usize, begin: &dyn Fn(usize) -> String| (0..count).map(begin).collect::<String>() + "the text";
    for html in [
        deep(100_000, &|_| "<div>".to_owned()),
        deep(100_000, &|_| "<b>".to_owned()),
        deep(3_000, &|at| format!("<p><font color=\"{at}\"></p>")),
        deep(100_000, &|_| "</i><blockquote>".to_owned()),
    ] {
        let text = HTML.to_markdown(&html);
        assert!(text.lossy.contains(&"structure".to_owned()));
        assert!(text.markdown.ends_with("the text"));
    }
}

proptest! {
    /// Signs stand beside words, at the beginning of lines and alone.
    #[test]
    fn plain_words_and_signs_stay_what_they_are(
        lines in prop::collection::vec(prop::collection::vec("[a-z0-9]{1,3}|[-+*_~`#>|=.:!&()\\[\\]\\\\;]{1,3}|(1\\.|2\\)) ", 0..5), 0..5),
    ) {
        let text = lines.iter().map(|pieces| pieces.concat()).collect::<Vec<_>>().join("\n");
        let first = from_markdown(&text).html;
        let second = from_markdown(&markdown(&first)).html;
        prop_assert_eq!(words(&first), words(&second), "{} became {}", first, markdown(&first));
        // Two lists with nothing to read between them are one for the converter.
        let lists = first.matches("<ol").count() + first.matches("<ul").count();
        if lists < 2 {
            prop_assert_eq!(&from_markdown(&markdown(&second)).html, &second, "of {}", first);
        }
    }

    #[test]
    fn a_text_of_any_signs_is_read_as_these_and_nothing_else(text in "[-a-z0-9 +*_~`#>|=.:!&<()\\[\\]\\\\;/]{0,20}") {
        let html = format!("<p>{}</p>", text.replace('&', "&amp;").replace('<', "&lt;"));
        let written = from_markdown(&markdown(&html)).html;
        prop_assert_eq!(words(&html), words(&written), "{}", written);
        let plain = text.split_whitespace().next().is_none() || written.starts_with("<p>");
        prop_assert!(plain && written.matches('<').count() <= 2, "{} became {}", html, written);
    }
}
