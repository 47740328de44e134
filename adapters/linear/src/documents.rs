//! What is asked of Linear: whole GraphQL documents, each with its fragments. What comes back is in `api`.
//!
//! A test validates each of them against Linear's own schema, and the fake servers of the tests refuse every request
//! that does not fit it: <https://github.com/linear/linear/blob/master/packages/sdk/src/schema.graphql>

/// A document, ready to be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document {
    pub text: &'static str,
    /// Whether it changes something.
    pub is_write: bool,
    /// The class of endpoint, where Linear counts it by itself.
    pub class: Option<&'static str>,
}

/// Puts a document together from its own file and those of its fragments.
macro_rules! document {
    ($($file:literal),+ $(,)?) => {
        concat!($(include_str!(concat!("documents/", $file, ".graphql"))),+)
    };
}

/// The fields of an issue, of whichever type of the schema it is there.
macro_rules! issue_fields {
    ($on:literal) => {
        concat!(
            "fragment IssueFields on ",
            $on,
            " ",
            document!("issue_fields", "user_fields", "page_fields", "comment_fields", "attachment_fields")
        )
    };
}

const fn reads(text: &'static str) -> Document {
    Document { text, is_write: false, class: None }
}

const fn writes(text: &'static str) -> Document {
    Document { text, is_write: true, class: None }
}

/// One issue with everything that hangs on it.
pub(crate) const ISSUE: Document = reads(concat!(document!("issue"), issue_fields!("Issue")));

/// What did not fit into the lists of an issue.
pub(crate) const ISSUE_MORE: Document =
    reads(document!("issue_more", "user_fields", "page_fields", "comment_fields", "attachment_fields"));

/// A page of issues.
pub(crate) const ISSUES: Document = reads(concat!(document!("issues"), issue_fields!("Issue")));

/// A page of what a search finds; its issues are of a type of their own.
pub(crate) const SEARCH: Document = Document {
    text: concat!(document!("search"), issue_fields!("IssueSearchResult")),
    is_write: false,
    class: Some("search"),
};

/// The issue with an id that the host made up.
pub(crate) const FOUND_ISSUES: Document = reads(document!("found_issues"));

/// The comment with an id that the host made up.
pub(crate) const FOUND_COMMENTS: Document = reads(document!("found_comments"));

/// A page of the comments of an issue.
pub(crate) const COMMENTS: Document = reads(document!("comments", "user_fields", "page_fields", "comment_fields"));

/// What names stand for, and an issue as it is before it is changed.
pub(crate) const NAMES: Document =
    reads(document!("names", "team_names", "written_fields", "user_fields", "page_fields"));

/// What can be chosen in a team.
pub(crate) const OPTIONS: Document = reads(document!("options", "user_fields", "page_fields"));

/// Every team.
pub(crate) const TEAMS: Document = reads(document!("teams", "page_fields"));

/// Who we are, and where.
pub(crate) const VIEWER: Document = reads(document!("viewer", "user_fields"));

/// A new issue.
pub(crate) const ISSUE_CREATE: Document = writes(document!("issue_create", "written_fields", "user_fields"));

/// A change of an issue.
pub(crate) const ISSUE_UPDATE: Document = writes(document!("issue_update", "written_fields", "user_fields"));

/// A new comment.
pub(crate) const COMMENT_CREATE: Document = writes(document!("comment_create", "comment_fields", "user_fields"));

/// A new relation between two issues.
pub(crate) const RELATION_CREATE: Document = writes(document!("relation_create"));

/// The end of a relation.
pub(crate) const RELATION_DELETE: Document = writes(document!("relation_delete"));

/// Every document, by the name of its operation; sorted.
#[allow(dead_code, reason = "the tests read it, and the example that cuts the schema")]
pub(crate) const ALL: &[(&str, Document)] = &[
    ("CommentCreate", COMMENT_CREATE),
    ("Comments", COMMENTS),
    ("FoundComments", FOUND_COMMENTS),
    ("FoundIssues", FOUND_ISSUES),
    ("Issue", ISSUE),
    ("IssueCreate", ISSUE_CREATE),
    ("IssueMore", ISSUE_MORE),
    ("IssueUpdate", ISSUE_UPDATE),
    ("Issues", ISSUES),
    ("Names", NAMES),
    ("Options", OPTIONS),
    ("RelationCreate", RELATION_CREATE),
    ("RelationDelete", RELATION_DELETE),
    ("Search", SEARCH),
    ("Teams", TEAMS),
    ("Viewer", VIEWER),
];
