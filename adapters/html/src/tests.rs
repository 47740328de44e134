//! The conversions, by examples.

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
