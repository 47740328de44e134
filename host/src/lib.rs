//! One host for every ticket system.
