//! Which other websites may use the API from their pages.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
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
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
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
        .expose_headers([header::ETAG, header::RETRY_AFTER, REQUEST_ID])
        .max_age(REMEMBERED)
}

fn any(settings: &Settings) -> bool {
    settings.allowed_origins.all().iter().any(|origin| origin == "*")
}
