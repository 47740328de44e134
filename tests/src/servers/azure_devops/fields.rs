//! The fields that there are: one table of reference names, names, types, and who writes them.

/// A field.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) reference: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether only the server writes it.
    pub(super) read_only: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    DateTime,
    Double,
    History,
    Html,
    Identity,
    Integer,
    PlainText,
    String,
    TreePath,
}

impl Kind {
    /// Returns the word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::DateTime => "dateTime",
            Self::Double => "double",
            Self::History => "history",
            Self::Html => "html",
            Self::Identity | Self::String => "string",
            Self::Integer => "integer",
            Self::PlainText => "plainText",
            Self::TreePath => "treePath",
        }
    }
}

const fn field(reference: &'static str, name: &'static str, kind: Kind, read_only: bool) -> Known {
    Known { reference, name, kind, read_only }
}

/// Every field, sorted.
pub(super) const FIELDS: &[Known] = &[
    field("Custom.Customer", "Customer", Kind::String, false),
    field("Microsoft.VSTS.Common.AcceptanceCriteria", "Acceptance Criteria", Kind::Html, false),
    field("Microsoft.VSTS.Common.ClosedDate", "Closed Date", Kind::DateTime, false),
    field("Microsoft.VSTS.Common.Priority", "Priority", Kind::Integer, false),
    field("Microsoft.VSTS.Common.ResolvedReason", "Resolved Reason", Kind::String, false),
    field("Microsoft.VSTS.Common.Severity", "Severity", Kind::String, false),
    field("Microsoft.VSTS.Common.StateChangeDate", "State Change Date", Kind::DateTime, true),
    field("Microsoft.VSTS.Scheduling.DueDate", "Due Date", Kind::DateTime, false),
    field("Microsoft.VSTS.Scheduling.Effort", "Effort", Kind::Double, false),
    field("Microsoft.VSTS.Scheduling.StoryPoints", "Story Points", Kind::Double, false),
    field("Microsoft.VSTS.TCM.ReproSteps", "Repro Steps", Kind::Html, false),
    field("System.AreaId", "Area ID", Kind::Integer, true),
    field("System.AreaPath", "Area Path", Kind::TreePath, false),
    field("System.AssignedTo", "Assigned To", Kind::Identity, false),
    field("System.AuthorizedDate", "Authorized Date", Kind::DateTime, true),
    field("System.ChangedBy", "Changed By", Kind::Identity, true),
    field("System.ChangedDate", "Changed Date", Kind::DateTime, true),
    field("System.CommentCount", "Comment Count", Kind::Integer, true),
    field("System.CreatedBy", "Created By", Kind::Identity, true),
    field("System.CreatedDate", "Created Date", Kind::DateTime, true),
    field("System.Description", "Description", Kind::Html, false),
    field("System.History", "History", Kind::History, false),
    field("System.Id", "ID", Kind::Integer, true),
    field("System.IterationPath", "Iteration Path", Kind::TreePath, false),
    field("System.Parent", "Parent", Kind::Integer, true),
    field("System.Reason", "Reason", Kind::String, false),
    field("System.Rev", "Rev", Kind::Integer, true),
    field("System.RevisedDate", "Revised Date", Kind::DateTime, true),
    field("System.State", "State", Kind::String, false),
    field("System.Tags", "Tags", Kind::PlainText, false),
    field("System.TeamProject", "Team Project", Kind::String, true),
    field("System.Title", "Title", Kind::String, false),
    field("System.Watermark", "Watermark", Kind::Integer, true),
    field("System.WorkItemType", "Work Item Type", Kind::String, false),
];

/// Returns a field by its reference name or its name.
pub(super) fn known(name: &str) -> Option<&'static Known> {
    FIELDS.iter().find(|field| field.reference.eq_ignore_ascii_case(name) || field.name.eq_ignore_ascii_case(name))
}
