//! Checks a server's address that the user gives.

use thiserror::Error;
use ureq::http::Uri;

/// Why an address is not one to fetch from.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "{address}: {problem}; give the address of the folder with the files, such as https://example.org/fashion-mnist/"
)]
pub struct BadAddress {
    address: String,
    problem: &'static str,
}

/// Checks the address of a folder; the address returned ends with `/`.
///
/// # Errors
/// If it is not `http://` or `https://` with a host, or has a user name, a query or a fragment.
pub fn base_address(address: &str) -> Result<String, BadAddress> {
    let bad = |problem| BadAddress {
        address: address.into(),
        problem,
    };
    let uri: Uri = address.parse().map_err(|_| bad("not an address"))?;
    let host = uri.host().unwrap_or_default();
    match uri.scheme_str() {
        Some("http" | "https") if !host.is_empty() => {}
        _ => {
            return Err(bad(
                "only http:// and https:// addresses can be fetched from",
            ));
        }
    }
    // Messages show the address, and must not show a password.
    if uri
        .authority()
        .is_some_and(|part| part.as_str().contains('@'))
    {
        let address = "the address".into();
        let problem = "a user name or password in it is not supported";
        return Err(BadAddress { address, problem });
    }
    if uri.query().is_some() || address.contains('#') {
        return Err(bad("? and # have no place in the address of a folder"));
    }
    let slash = if address.ends_with('/') { "" } else { "/" };
    Ok(format!("{address}{slash}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_on_a_server_gets_its_slash() {
        for address in ["http://127.0.0.1:8080", "http://127.0.0.1:8080/"] {
            assert_eq!(base_address(address).unwrap(), "http://127.0.0.1:8080/");
        }
        let address = "https://example.org/a/b";
        assert_eq!(base_address(address).unwrap(), "https://example.org/a/b/");
    }

    #[test]
    fn what_is_no_folder_on_a_server_is_refused() {
        for address in [
            "",
            "example.org/data",
            "/data",
            "file:///data",
            "ftp://example.org/",
            "https://",
            "https://example.org/?a=b",
            "https://example.org/#a",
            "https://exa mple.org/",
        ] {
            assert!(base_address(address).is_err(), "{address:?}");
        }
        let error = base_address("https://me:secret@example.org/").unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
