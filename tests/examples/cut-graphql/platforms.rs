//! What each platform's fake has of its schema: tables, sorted.

/// A platform, and what is kept of its schema.
pub(crate) struct Platform {
    /// Its name, which is that of its folders.
    pub(crate) name: &'static str,
    /// The file that is written.
    pub(crate) file: &'static str,
    /// The types that answers can be made of. An edge and a connection belong to what they hold; an interface is kept with
    /// those of its implementers that are kept.
    pub(crate) types: &'static [&'static str],
    /// Where queries begin.
    pub(crate) queries: Queries,
    /// What the fake does.
    pub(crate) mutations: &'static [&'static str],
}

/// Where queries begin, of all that answer with what is kept.
pub(crate) enum Queries {
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

/// Every platform, sorted.
pub(crate) const ALL: &[Platform] = &[
    Platform {
        name: "linear",
        file: "fake.graphql",
        types: LINEAR_TYPES,
        queries: Queries::AllBut(&[
            "administrableTeams",
            "archivedTeams",
            "attachmentIssue",
            "issueFigmaFileKeySearch",
            "issueSearch",
        ]),
        mutations: LINEAR_MUTATIONS,
    },
    Platform {
        name: "monday",
        file: "schema.graphql",
        types: MONDAY_TYPES,
        queries: Queries::Only(&[
            "boards",
            "complexity",
            "items",
            "me",
            "next_items_page",
            "tags",
            "teams",
            "users",
            "version",
        ]),
        mutations: &[
            "add_file_to_column",
            "change_multiple_column_values",
            "create_item",
            "create_subitem",
            "create_update",
            "move_item_to_group",
        ],
    },
];

const LINEAR_TYPES: &[&str] = &[
    "ActorBot",
    "Attachment",
    "AttachmentPayload",
    "Comment",
    "CommentPayload",
    "Cycle",
    "DeletePayload",
    "ExternalUser",
    "Issue",
    "IssueArchivePayload",
    "IssueLabel",
    "IssuePayload",
    "IssuePriorityValue",
    "IssueRelation",
    "IssueRelationPayload",
    "IssueSearchPayload",
    "IssueSearchResult",
    "Organization",
    "PageInfo",
    "Project",
    "ProjectMilestone",
    "RateLimitPayload",
    "RateLimitResultPayload",
    "Team",
    "User",
    "WorkflowState",
];

const LINEAR_MUTATIONS: &[&str] = &[
    "attachmentCreate",
    "attachmentDelete",
    "attachmentLinkURL",
    "commentCreate",
    "commentDelete",
    "commentUpdate",
    "issueAddLabel",
    "issueArchive",
    "issueCreate",
    "issueDelete",
    "issueRelationCreate",
    "issueRelationDelete",
    "issueRemoveLabel",
    "issueUnarchive",
    "issueUpdate",
];

const MONDAY_TYPES: &[&str] = &[
    "Account",
    "Asset",
    "Board",
    "BoardRelationValue",
    "CheckboxValue",
    "Column",
    "ColumnValue",
    "Complexity",
    "DateValue",
    "DependencyValue",
    "DropdownValue",
    "DropdownValueOption",
    "FileValue",
    "FormulaValue",
    "Group",
    "Item",
    "ItemsResponse",
    "LinkValue",
    "LongTextValue",
    "MirrorValue",
    "NumbersValue",
    "PeopleEntity",
    "PeopleValue",
    "Reply",
    "StatusValue",
    "SubtasksValue",
    "Tag",
    "TagsValue",
    "Team",
    "TextValue",
    "Update",
    "User",
    "Version",
];
