//! Tokens: whose they are, and what they may see and change.

use std::collections::HashMap;

use super::state::Repository;

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The text that a client sends.
    pub text: String,
    /// Whose it is.
    pub login: String,
    /// Its kind.
    pub kind: TokenKind,
    /// What its user may do in which repository (`owner/name`). In others: read what is public.
    pub access: HashMap<String, Access>,
}

/// The two kinds of tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    /// With scopes, which the header `x-oauth-scopes` tells.
    Classic(Vec<&'static str>),
    /// For chosen repositories. A search with one must say whether it means issues or pull requests.
    FineGrained,
}

/// What may be done in a repository.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Access {
    /// It cannot be told from one that does not exist.
    None,
    /// Reading, and writing issues and comments of one's own.
    Read,
    /// Everything about issues.
    Push,
}

impl Token {
    /// Returns a classic token with all that issues need, and access to nothing but what is public.
    pub fn classic(login: &str) -> Self {
        Self {
            text: format!("token-of-{login}"),
            login: login.to_owned(),
            kind: TokenKind::Classic(vec!["repo", "user"]),
            access: HashMap::new(),
        }
    }

    /// Returns a fine-grained token, with access to nothing but what is public.
    pub fn fine_grained(login: &str) -> Self {
        Self { text: format!("fine-grained-token-of-{login}"), kind: TokenKind::FineGrained, ..Self::classic(login) }
    }

    /// Returns the token with other scopes.
    #[must_use]
    pub fn scopes(mut self, scopes: &[&'static str]) -> Self {
        self.kind = TokenKind::Classic(scopes.to_vec());
        self
    }

    /// Returns the token with access to a repository.
    #[must_use]
    pub fn may(mut self, access: Access, full_name: &str) -> Self {
        self.access.insert(full_name.to_owned(), access);
        self
    }

    /// Returns whether a classic token has a scope. Fine-grained ones have permissions, which `access` tells.
    fn has_scope(&self, wanted: &[&str]) -> bool {
        match &self.kind {
            TokenKind::Classic(scopes) => scopes.iter().any(|scope| wanted.contains(scope)),
            TokenKind::FineGrained => true,
        }
    }
}

/// Returns what a request may do in a repository, by its token if it has one.
pub(super) fn access(token: Option<&Token>, repository: &Repository) -> Access {
    let public = if repository.private { Access::None } else { Access::Read };
    let Some(token) = token else { return public };
    let granted = token.access.get(&repository.full_name()).copied().unwrap_or(public);
    if repository.private && !token.has_scope(&["repo"]) {
        return Access::None;
    }
    if !token.has_scope(&["repo", "public_repo"]) {
        return public;
    }
    granted
}

/// Returns the token in a header `Authorization`.
pub(super) fn presented(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let known = ["bearer", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    known.then(|| token.trim())
}
