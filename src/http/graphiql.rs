//! GraphiQL at `/graphiql`, from the program's own binary: no request to any other host.

use std::{io::Read, sync::LazyLock};

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::read::GzDecoder;
use serde::Serialize;

use super::{answer, site::Site};

/// What this page alone may do: Monaco writes styles and starts workers.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";
const PAGE: &str = include_str!("graphiql/index.html");

macro_rules! assets {
    ($($name:literal: $kind:literal,)*) => {
        [$(Asset { name: $name, kind: $kind, gzip: include_bytes!(concat!("graphiql/", $name, ".gz")) },)*]
    };
}

/// The page's files, each compressed once by `graphiql/build.mjs`.
static ASSETS: [Asset; 7] = assets! {
    "app.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "editor.worker.js": "text/javascript; charset=utf-8",
    "favicon.svg": "image/svg+xml; charset=utf-8",
    "graphql.worker.js": "text/javascript; charset=utf-8",
    "json.worker.js": "text/javascript; charset=utf-8",
    "THIRD-PARTY-LICENSES.txt": "text/plain; charset=utf-8",
};

/// Their entity tags, in the same order.
static TAGS: LazyLock<Vec<HeaderValue>> = LazyLock::new(|| ASSETS.iter().map(|one| answer::tag(one.gzip)).collect());

struct Asset {
    name: &'static str,
    kind: &'static str,
    gzip: &'static [u8],
}

/// What the page shows besides the schema: whom to sign in as, and worked examples.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GraphiqlConfig {
    /// Whom the demo lets anybody sign in as.
    pub personas: Vec<Persona>,
    /// Their password; without it none of them is shown.
    pub password: Option<String>,
    /// Worked examples, one tab each.
    pub tabs: Vec<Tab>,
}

impl GraphiqlConfig {
    /// As the page reads it.
    pub(super) fn json(&self) -> Bytes {
        let mut out = Vec::new();
        answer::write(&mut out, self);
        out.into()
    }
}

/// Somebody the demo lets anybody sign in as.
#[derive(Clone, Debug, Serialize)]
pub struct Persona {
    /// The name to sign in with.
    pub login: String,
    /// The name to show.
    pub name: String,
    /// The role, as the schema writes it: `COUNTY_ADMIN`.
    pub role: String,
    /// The name of the organization acted for.
    pub organization: String,
}

/// A worked example.
#[derive(Clone, Debug, Serialize)]
pub struct Tab {
    /// What it shows.
    pub title: String,
    /// The document.
    pub query: String,
    /// Its variables, in JSON.
    pub variables: Option<String>,
    /// The login of the persona it is best run as.
    pub persona: Option<String>,
}

/// `/graphiql`.
pub(super) async fn page() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, PAGE)
}

/// `/graphiql/config.json`.
pub(super) async fn config(State(site): State<Site>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], site.graphiql)
}

/// `/graphiql/assets/{name}`, compressed for every client that can undo it.
pub(super) async fn asset(Path(name): Path<String>, asked: HeaderMap) -> Response {
    let Some((asset, tag)) = ASSETS.iter().zip(TAGS.iter()).find(|(asset, _)| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::VARY, HeaderValue::from_static("Accept-Encoding")),
        (header::ETAG, weak(tag)),
    ];
    if answer::matches(&asked, tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if takes_gzip(&asked) {
        let encoding = [(header::CONTENT_ENCODING, "gzip")];
        return (headers, encoding, Body::from(asset.gzip)).into_response();
    }
    let mut plain = Vec::new();
    match GzDecoder::new(asset.gzip).read_to_end(&mut plain) {
        Ok(_) => (headers, plain).into_response(),
        Err(error) => {
            tracing::error!(%error, asset = asset.name, "a file of GraphiQL is damaged");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The same tag for both encodings of a file, so not a strong one.
fn weak(tag: &HeaderValue) -> HeaderValue {
    HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat()).unwrap_or_else(|_| tag.clone())
}

fn takes_gzip(asked: &HeaderMap) -> bool {
    let header = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.split(',').any(|range| {
        let (coding, quality) = range.split_once(';').unwrap_or((range, ""));
        let refused = quality.trim().strip_prefix("q=").and_then(super::accept::thousandths) == Some(0);
        matches!(coding.trim(), "gzip" | "*") && !refused
    })
}
