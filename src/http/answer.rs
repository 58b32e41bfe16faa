//! Writing an answer: GraphQL's JSON, and the status and headers that HTTP wants with it.

use async_graphql::{Response as Result, ServerError, Value};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;

use super::accept::Form;

/// Under this name async-graphql keeps JSON that is already written, as the only member of an object.
const RAW: &str = "$serde_json::private::RawValue";
/// The answer depends on these; and it is nobody else's business.
pub(super) const VARY: &str = "Authorization, Accept-Language, Accept";

/// What came of an operation.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Data and errors, in the client's words.
    pub(super) result: Result,
    /// Whether it was executed at all. If not, there is no `data`, not even `null`.
    pub(super) executed: bool,
    /// The status when it was not executed.
    pub(super) status: StatusCode,
    /// Whether HTTP itself has that status for it, whatever the client accepts.
    pub(super) fixed: bool,
}

impl Outcome {
    /// GraphQL's JSON. async-graphql's own way would copy and re-parse what is already written.
    pub(super) fn json(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1_024);
        out.push(b'{');
        if !self.result.errors.is_empty() {
            out.extend_from_slice(b"\"errors\":");
            write(&mut out, &self.result.errors);
            out.push(b',');
        }
        if self.executed {
            out.extend_from_slice(b"\"data\":");
            value(&mut out, &self.result.data);
            out.push(b',');
        }
        if !self.result.extensions.is_empty() {
            out.extend_from_slice(b"\"extensions\":");
            write(&mut out, &self.result.extensions);
            out.push(b',');
        }
        if out.ends_with(b",") {
            out.pop();
        }
        out.push(b'}');
        out
    }

    /// The errors alone, as a list.
    pub(super) fn errors(&self) -> &[ServerError] {
        &self.result.errors
    }

    /// The status in that form: clients of `application/json` expect 200 for whatever was well-formed.
    fn status(&self, form: Form) -> StatusCode {
        if self.executed || (!self.fixed && form == Form::Json) { StatusCode::OK } else { self.status }
    }

    /// The whole answer to a request.
    pub(super) fn respond(&self, form: Form, method: &Method, asked: &HeaderMap) -> Response<Body> {
        let body = self.json();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status(form);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
        headers.insert(header::VARY, HeaderValue::from_static(VARY));
        let tag = (*method != Method::POST && self.executed && self.result.errors.is_empty()).then(|| tag(&body));
        if let Some(tag) = tag {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
            let unchanged = matches(asked, &tag);
            headers.insert(header::ETAG, tag);
            if unchanged {
                headers.remove(header::CONTENT_TYPE);
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                return response;
            }
        } else {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        *response.body_mut() = body.into();
        response
    }
}

/// A strong entity tag: two bodies share one only if they are equal.
pub(super) fn tag(body: &[u8]) -> HeaderValue {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body);
    let text = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(digest));
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// Whether the client has that version already (`If-None-Match`, RFC 9110, section 13.1.2).
pub(super) fn matches(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one).as_bytes() == tag.as_bytes())
}

/// JSON of a value, with what is already JSON copied as it is.
fn value(out: &mut Vec<u8>, of: &Value) {
    match of {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get(RAW).filter(|_| members.len() == 1) {
                out.extend_from_slice(text.as_bytes());
                return;
            }
            out.push(b'{');
            for (at, (name, member)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(out, &name.as_str());
                out.push(b':');
                value(out, member);
            }
            out.push(b'}');
        }
        Value::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                value(out, item);
            }
            out.push(b']');
        }
        scalar => write(out, scalar),
    }
}

/// JSON of anything. Writing to memory cannot fail, and a value that has no JSON form is `null`.
pub(super) fn write(out: &mut Vec<u8>, of: &impl Serialize) {
    let before = out.len();
    if serde_json::to_writer(&mut *out, of).is_err() {
        out.truncate(before);
        out.extend_from_slice(b"null");
    }
}
