//! What a ticket does not carry.
