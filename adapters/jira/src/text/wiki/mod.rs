//! Jira's wiki markup.
