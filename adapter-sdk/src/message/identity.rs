//! Who we are on a platform, and what it is.

use serde::{Deserialize, Serialize};

use crate::model::{Time, User, word::with};

/// Who the credentials belong to, what they allow, and what the other side is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Identity {
    /// The account; absent where the platform knows none, such as a folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// What the credentials allow, in the platform's words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The product and its edition: `Jira Cloud`, `GitHub Enterprise Server`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The product's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The platform's clock at the time of asking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Time>,
    /// The time zone in which the platform reads dates without one (IANA name).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// What an operator should know: a permission that is missing, a setting that is off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

with!(Identity {
    /// Sets the account.
    with_user: user: Option<User>,
    /// Sets what the credentials allow.
    with_scopes: scopes: Vec<String>,
    /// Sets the product.
    with_product: product: Option<String>,
    /// Sets the product's version.
    with_version: version: Option<String>,
    /// Sets the platform's clock.
    with_server_time: server_time: Option<Time>,
    /// Sets the time zone.
    with_time_zone: time_zone: Option<String>,
    /// Sets what an operator should know.
    with_warnings: warnings: Vec<String>,
});
