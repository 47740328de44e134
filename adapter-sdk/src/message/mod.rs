//! What goes into an operation and what comes out of it.
//!
//! All of it crosses the boundary as JSON: fields are only ever added, and an unknown one is ignored.

mod change;
mod criteria;
mod identity;
mod include;
mod marker;
mod options;
mod page;
mod raw;
mod report;

pub use change::{
    Altered, Change, Clearable, Created, Draft, FieldName, LinkDraft, ListChange, NewAttachment, NoteDraft, Refused,
    Updated,
};
pub use criteria::{Criteria, Criterion, ME, NOBODY, Query, QueryLanguage, Sort, SortField, TimeRange};
pub use identity::Identity;
pub use include::Include;
pub use marker::{Found, MarkerKind};
pub use options::{FieldOption, Options, OptionsScope, StateOption, Transition};
pub use page::{Cursor, NotePage, Page, PageHead};
pub use raw::{Document, DocumentList, Raw, Source};
pub use report::Report;
