//! The two beginnings that most tests use: a small one with one of everything, and a large one.

use super::{
    access::{Access, Token},
    seed::Seed,
    state::{Comment, Issue, Place},
};

impl Seed {
    /// Returns a small GitHub with one of everything.
    ///
    /// | repository | what it is for |
    /// |---|---|
    /// | `acme/app` | public, once called `acme/application`; issues of every kind, see below |
    /// | `acme/secret` | private, and only `octocat` may see it |
    /// | `acme/archive` | where `acme/app#8` was transferred to |
    /// | `acme/no-issues` | has none, and takes none |
    ///
    /// `octocat` may push everywhere, `reader` may read what is public, `stranger` is nobody's member. In `acme/app`:
    /// 1 has everything, 2 and 3 are its sub-issues, 4 is closed as not planned, 5 is a pull request, 6 is a ghost's without
    /// a text, 7 has line ends as browsers send them, 8 was transferred, 9 was deleted, 10 is locked.
    pub fn small() -> Self {
        let mut seed = Self::empty().organization("acme").user("octocat").user("reader").user("stranger");
        for (name, private) in [("app", false), ("secret", true), ("archive", false), ("no-issues", false)] {
            seed = seed.repository("acme", name, private, &["octocat", "reader"]);
        }
        seed.state.repository("acme/app").former_names.push("acme/application".to_owned());
        seed.state.repository("acme/no-issues").has_issues = false;
        seed.add_app_issues();
        seed.add("acme/secret", Issue { body: Some("Not for everybody.".to_owned()), ..by("octocat", "A secret") });
        seed.state.transfer("acme/app", 8, "acme/archive");
        seed.state.repository("acme/app").numbers.insert(9, Place::Deleted);
        let repositories = ["acme/app", "acme/secret", "acme/archive", "acme/no-issues"];
        let may_all = |token: Token| repositories.iter().fold(token, |token, name| token.may(Access::Push, name));
        seed.token(may_all(Token::classic("octocat")))
            .token(may_all(Token::fine_grained("octocat")))
            .token(Token::classic("reader"))
            .token(Token::classic("stranger").scopes(&["user"]))
    }

    /// Returns a GitHub with so many issues in `acme/app`, each of about 5.3 KB of JSON, always the same.
    pub fn issues(count: u64) -> Self {
        let mut seed = Self::empty().organization("acme").user("octocat").user("reader");
        seed = seed.repository("acme", "app", false, &["octocat", "reader"]);
        for number in 1..=count {
            let open = number % 4 != 0;
            seed.add(
                "acme/app",
                Issue {
                    body: Some(paragraphs(number)),
                    labels: vec!["bug".to_owned()],
                    assignees: vec!["octocat".to_owned()],
                    open,
                    state_reason: (!open).then(|| "completed".to_owned()),
                    ..by("reader", &format!("Report {number}: the export stops before its end"))
                },
            );
        }
        seed.token(Token::classic("octocat").may(Access::Push, "acme/app"))
    }

    fn add_app_issues(&mut self) {
        let text = |text: &str| Some(text.to_owned());
        let issues = [
            Issue {
                body: text("The export stops at 1,000 rows.\n\n- [ ] reproduce\n- [x] report"),
                labels: vec!["bug".to_owned(), "good first issue".to_owned()],
                assignees: vec!["octocat".to_owned(), "reader".to_owned()],
                milestone: Some(1),
                issue_type: text("Bug"),
                comments: vec![comment(Some("reader"), "Here too.\r\n\r\nSince Monday."), comment(None, "Me three.")],
                sub_issues: vec![2, 3],
                ..by("reader", "Export stops half-way")
            },
            Issue {
                body: text("First half."),
                parent: Some(1),
                issue_type: text("Task"),
                ..by("octocat", "Stream the rows")
            },
            Issue {
                parent: Some(1),
                open: false,
                closed_by: text("octocat"),
                state_reason: text("completed"),
                ..by("octocat", "Test with 10,000 rows")
            },
            Issue {
                open: false,
                state_reason: text("not_planned"),
                milestone: Some(2),
                ..by("reader", "Rewrite it in assembler")
            },
            Issue { body: text("Fixes #1"), pull_request: true, ..by("octocat", "Stream the rows of an export") },
            Issue { user: None, ..by("", "Written by somebody who has left") },
            Issue {
                body: text("First line\r\nsecond line\r\n\r\n```\r\ncode\r\n```\r\n"),
                ..by("reader", "Line ends")
            },
            by("reader", "To be moved"),
            by("reader", "To be deleted"),
            Issue { locked: true, ..by("octocat", "Too heated") },
            Issue {
                labels: vec!["help wanted/soon?".to_owned()], ..by("stranger", "Größe & <Menge> „prüfen“ 🎫")
            },
        ];
        for issue in issues {
            self.add("acme/app", issue);
        }
    }
}

fn by(login: &str, title: &str) -> Issue {
    Issue { user: Some(login.to_owned()), ..Issue::new(title) }
}

fn comment(login: Option<&str>, body: &str) -> Comment {
    let created_at = jiff::Timestamp::UNIX_EPOCH;
    Comment { id: 0, user: login.map(str::to_owned), body: body.to_owned(), created_at }
}

/// Returns a text that makes an issue of the benchmark about 5.3 KB.
fn paragraphs(number: u64) -> String {
    let sentence = "The export of the quarterly report stops before its end, and nobody is told about it. ";
    format!("Report {number}\n\n{}", sentence.repeat(13))
}
