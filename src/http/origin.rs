//! Which other websites may use the API from their pages.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::settings::Settings;

/// How long a browser may remember what a website is allowed.
const REMEMBERED: Duration = Duration::from_hours(1);
/// The id of a request, in requests, answers and the log.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Lets the pages of `allowed_origins` call. There are no cookies, so `*` gives nothing away.
pub(super) fn cors(settings: &Settings) -> CorsLayer {
    let origins = settings.allowed_origins.all();
    let allowed = if any(settings) {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(plain(origin)).ok()))
    };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST, Method::PUT])
        .allow_headers([
            header::ACCEPT,
            header::ACCEPT_LANGUAGE,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            REQUEST_ID,
        ])
        .expose_headers([header::CONTENT_DISPOSITION, header::ETAG, header::RETRY_AFTER, REQUEST_ID])
        .max_age(REMEMBERED)
}

/// Whether a page of the request's origin may open a socket, which browsers let any page try. A client that sends no
/// origin is no browser; our own pages are those of `public_url` and of the host that was asked.
pub(super) fn may_connect(settings: &Settings, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let same_host = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
    let listed = settings.allowed_origins.all().iter().any(|one| plain(one) == origin);
    any(settings) || listed || same_host || origin_of(&settings.public_url) == origin
}

fn any(settings: &Settings) -> bool {
    settings.allowed_origins.all().iter().any(|origin| origin == "*")
}

/// An origin has no slash at its end, but people write one.
fn plain(origin: &str) -> &str {
    origin.trim_end_matches('/')
}

/// Scheme, host and port of an address.
fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_may_connect() {
        let given = [
            ("HEZUO_PUBLIC_URL", "https://hezuo.example/api"),
            ("HEZUO_ALLOWED_ORIGINS", "https://a.example/, http://b.example:3000"),
        ];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let settings = Settings::load(given.into_iter(), None).unwrap();
        let may = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("10.0.0.7:8080"));
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            may_connect(&settings, &headers)
        };
        for origin in ["https://hezuo.example", "https://a.example", "http://b.example:3000", "http://10.0.0.7:8080"] {
            assert!(may(origin), "{origin}");
        }
        for origin in
            ["https://evil.example", "null", "http://10.0.0.7", "https://hezuo.example.evil", "http://b.example", ""]
        {
            assert!(!may(origin), "{origin}");
        }
        assert!(may_connect(&settings, &HeaderMap::new()));
        let any = Settings::load([("HEZUO_ALLOWED_ORIGINS".to_owned(), "*".to_owned())].into_iter(), None).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, HeaderValue::from_static("https://evil.example"));
        assert!(may_connect(&any, &headers));
    }
}
