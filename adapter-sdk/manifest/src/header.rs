//! Names of headers: what one may be, and which belong to the connection and not to a manifest.

/// Headers of a single hop, sorted: they say how a message is carried, and nothing about what it says (RFC 9110, 7.6.1).
/// `content-length` and `host` are here because the host writes them.
const OF_THE_CONNECTION: &[&str] = &[
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Says what is wrong with the name of a header, if something is.
pub(crate) fn check(name: &str) -> Result<(), String> {
    if !is_token(name) {
        return Err(format!("`{name}` is not a header name"));
    }
    if OF_THE_CONNECTION.binary_search(&name.to_ascii_lowercase().as_str()).is_ok() {
        return Err(format!("`{name}` is a header of the connection, which is the host's"));
    }
    Ok(())
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tokens_and_not_those_of_a_connection() {
        assert!(OF_THE_CONNECTION.is_sorted());
        for good in ["Authorization", "x-ratelimit-remaining", "Cookie", "PRIVATE-TOKEN"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "My Header", "x:y", "Größe", "Connection", "transfer-encoding", "Host", "Proxy-Authorization"]
        {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
