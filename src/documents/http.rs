//! Sending and fetching the bytes of files: `PUT` and `GET` at `/files/{document}`.

use axum::{
    Router,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use entity::document;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    attach,
    links::{self, Terms},
    media::Media,
    store,
};
use crate::{
    app::App,
    error::{Code, Error, Locale, Result},
    platform::id::Id,
};

/// The two routes. Their addresses are given out by the API.
pub fn routes(app: App) -> Router {
    Router::new().route("/files/{document}", get(fetch).put(send)).with_state(app)
}

#[derive(Deserialize)]
struct Upload {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    expires: i64,
    under: Option<Uuid>,
    #[serde(default)]
    signature: String,
}

/// Takes a file. Answers with what arrived, so that the sender can compare.
async fn send(
    State(app): State<App>,
    Path(document): Path<String>,
    Query(upload): Query<Upload>,
    body: Body,
) -> Response {
    let sent = async {
        let document = named(&document)?;
        super::receive(&app, (document, &upload.token), body.into_data_stream()).await
    };
    match sent.await {
        Ok(received) => {
            let (media, stored) = (received.media.name(), received.stored);
            let body = json!({ "mediaType": media, "bytes": stored.bytes, "sha256": stored.sha256 });
            answer(StatusCode::OK, &body)
        }
        Err(error) => refused(&error),
    }
}

/// Gives a file out, to be saved and never to be shown inside a page.
async fn fetch(State(app): State<App>, Path(document): Path<String>, Query(link): Query<Link>) -> Response {
    let found = async {
        let document = named(&document)?;
        let terms = Terms { expires: link.expires, given_out: link.under };
        if !links::is_good(&app, document, (terms, &link.signature))? {
            return Err(Error::not_found());
        }
        let row = store::linked(app.db().reader(), document).await?.ok_or_else(Error::not_found)?;
        may_be_fetched(&app, (&row, link.under)).await?;
        let file = app.files().get(&row.storage_key).await?;
        let (length, bytes) = file.ok_or_else(|| Error::internal("a document without its file"))?;
        Ok((row, length, bytes))
    };
    match found.await {
        Ok((row, length, bytes)) => (
            [
                (header::CONTENT_TYPE, text(row.media_type.as_deref().unwrap_or_default())),
                (header::CONTENT_LENGTH, HeaderValue::from(length)),
                (header::CONTENT_DISPOSITION, text(&disposition(&row))),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
                (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
            ],
            Body::from_stream(bytes),
        )
            .into_response(),
        Err(error) => refused(&error),
    }
}

/// Where reading is written down, this read too, if it still may be.
async fn may_be_fetched(app: &App, (row, given_out): (&document::Model, Option<Uuid>)) -> Result<()> {
    let Some(given_out) = given_out else { return Ok(()) };
    let kind = attach::kind(&row.record_kind).ok_or_else(Error::not_found)?;
    if kind.fetched(app.db(), given_out).await? { Ok(()) } else { Err(Error::not_found()) }
}

fn named(id: &str) -> Result<Uuid> {
    Id::<document::Entity>::read(id).map(Id::key).ok_or_else(Error::not_found)
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"))
}

/// `attachment` under the document's own name (RFC 6266), which ends as files of its kind do.
fn disposition(row: &document::Model) -> String {
    let endings = row.media_type.as_deref().and_then(Media::named).map(Media::endings).unwrap_or_default();
    let lower = row.name.to_lowercase();
    let fits = endings.iter().any(|ending| lower.ends_with(ending));
    let ending = if fits { "" } else { endings.first().copied().unwrap_or_default() };
    let mut encoded = String::new();
    for byte in row.name.bytes().chain(ending.bytes()) {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

/// An error as the API tells it, in both languages: who sends a file is often a program without a language.
fn refused(error: &Error) -> Response {
    if let Error::Internal(cause) = error {
        tracing::error!(%cause, "a file could not be sent or fetched");
    }
    let message = format!("{} {}", error.message(Locale::En), error.message(Locale::Zh));
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": error.code().as_str() } }] });
    answer(status(error.code()), &body)
}

fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::LimitExceeded => StatusCode::PAYLOAD_TOO_LARGE,
        Code::InvalidInput => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::Timeout => StatusCode::REQUEST_TIMEOUT,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::CONFLICT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_documents_and_ends_as_its_kind_does() {
        let mut row = document::Model {
            id: Uuid::nil(),
            organization_id: Uuid::nil(),
            uploaded_by_id: Uuid::nil(),
            record_kind: "agreement".to_owned(),
            record_id: Uuid::nil(),
            name: "盖章 页.PDF".to_owned(),
            media_type: Some("application/pdf".to_owned()),
            bytes: None,
            sha256: None,
            storage_key: String::new(),
            status: document::DocumentStatus::Confirmed,
            upload_token_hash: None,
            upload_expires_at: None,
            version: 1,
            created_at: chrono::DateTime::default(),
            updated_at: chrono::DateTime::default(),
        };
        assert_eq!(disposition(&row), "attachment; filename*=UTF-8''%E7%9B%96%E7%AB%A0%20%E9%A1%B5.PDF");
        row.name = "setup.exe".to_owned();
        assert_eq!(disposition(&row), "attachment; filename*=UTF-8''setup.exe.pdf");
        row.name = "a\"; filename=b".to_owned();
        assert_eq!(disposition(&row), "attachment; filename*=UTF-8''a%22%3B%20filename%3Db.pdf");
    }
}
