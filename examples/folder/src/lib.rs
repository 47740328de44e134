//! Tickets as Markdown files in a folder.
