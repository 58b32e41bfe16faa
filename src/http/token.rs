//! `POST /oauth/token`: access tokens for service accounts (RFC 6749, client credentials).

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use serde_json::json;

use super::{serving::Connection, site::Site, visitor};
use crate::{
    error::{Code, Error},
    identity::service_accounts::{self, Answer},
};

/// Bytes of a form.
const MOST: usize = 4_096;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Form {
    grant_type: String,
    client_id: String,
    client_secret: String,
    scope: Option<String>,
}

/// Exchanges a client's id and secret for an access token.
pub(super) async fn grant(State(site): State<Site>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let connection = parts.extensions.get::<Connection>();
    let address = visitor::stranger(&site.app, &parts.headers, connection).address;
    let form = match Limited::new(body, MOST).collect().await {
        Ok(body) => read(&parts.headers, &body.to_bytes()),
        Err(_) => Err("The form cannot be read."),
    };
    let (form, client, secret) = match form.and_then(|form| credentials(&parts.headers, form)) {
        Ok(asked) => asked,
        Err(reason) => return refuse(StatusCode::BAD_REQUEST, "invalid_request", reason),
    };
    if form.grant_type != "client_credentials" {
        let reason = "Only client_credentials is granted.";
        return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", reason);
    }
    match service_accounts::token(&site.app, &address, (&client, &secret), form.scope.as_deref()).await {
        Ok(Answer::AskedForMore(scopes)) => {
            let reason = format!("This client has the scopes: {scopes}.");
            refuse(StatusCode::BAD_REQUEST, "invalid_scope", &reason)
        }
        Ok(Answer::Granted(granted)) => {
            let seconds = i64::from(site.app.settings().access_token_minutes) * 60;
            answer(
                StatusCode::OK,
                &json!({ "access_token": granted.token.text, "token_type": "Bearer", "expires_in": seconds, "scope": granted.scope }),
            )
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &Error) -> Response {
    match error.code() {
        Code::Unauthenticated => {
            let mut response = refuse(StatusCode::UNAUTHORIZED, "invalid_client", "Id or secret is wrong.");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Basic"));
            response
        }
        Code::RateLimited => {
            refuse(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", "Too many attempts; try again later.")
        }
        _ => {
            tracing::error!(?error, "a token could not be issued");
            refuse(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "Something went wrong on our side.")
        }
    }
}

fn read(headers: &HeaderMap, body: &[u8]) -> Result<Form, &'static str> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err("Content-Type must be application/x-www-form-urlencoded.");
    }
    let uri = std::str::from_utf8(body).ok().and_then(|body| format!("/?{body}").parse().ok());
    let uri = uri.ok_or("The form cannot be read.")?;
    let form = axum::extract::Query::<Form>::try_from_uri(&uri).map_err(|_| "The form cannot be read.")?;
    Ok(form.0)
}

/// Id and secret, from `Authorization: Basic` or from the form, never from both.
fn credentials(headers: &HeaderMap, form: Form) -> Result<(Form, String, String), &'static str> {
    let Some(basic) = headers.get(header::AUTHORIZATION) else {
        if form.client_id.is_empty() || form.client_secret.is_empty() {
            return Err("client_id and client_secret are missing.");
        }
        let (client, secret) = (form.client_id.clone(), form.client_secret.clone());
        return Ok((form, client, secret));
    };
    if !form.client_secret.is_empty() {
        return Err("The secret is given twice.");
    }
    let wrong = "Authorization must be Basic with client id and secret.";
    let text = basic.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(wrong)?;
    let decoded = BASE64_STANDARD.decode(text.1.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let decoded = decoded.filter(|_| text.0.eq_ignore_ascii_case("basic")).ok_or(wrong)?;
    let (client, secret) = decoded.split_once(':').ok_or(wrong)?;
    Ok((form, client.to_owned(), secret.to_owned()))
}

fn refuse(status: StatusCode, code: &str, reason: &str) -> Response {
    answer(status, &json!({ "error": code, "error_description": reason }))
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    (status, headers, body.to_string()).into_response()
}
