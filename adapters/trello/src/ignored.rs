//! What of Trello's answers is in no ticket, and why.
