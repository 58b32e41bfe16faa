use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use entity::{
    membership::Role,
    organization::{self, OrganizationKind as Kind},
};
use futures_util::stream;
use http_body_util::BodyExt as _;
use sea_orm::{Condition, EntityTrait, prelude::async_trait::async_trait};
use tower::ServiceExt as _;

use super::*;
use crate::{
    error::Code,
    organizations,
    platform::{clock::Clock, condition::exists, db::Write, trail},
    tests::Fixture,
};

/// Files of organizations: their admins attach them, everyone who sees the organization sees them.
#[derive(Debug)]
struct OfOrganizations;

#[async_trait]
impl Attach for OfOrganizations {
    fn kind(&self) -> &'static str {
        "organization"
    }

    async fn permit(&self, tx: &Tx, actor: &Actor, record: Uuid) -> Result<Write> {
        let facts = organizations::store::facts(tx, actor, record).await?;
        tx.permit(actor, organizations::rules::Action::Update, &facts).await
    }

    fn seen_with(&self, actor: &Actor) -> Condition {
        let seen = Condition::all().add(organizations::store::visible_to(actor));
        exists(organization::Column::Id, document::Column::RecordId, seen)
    }
}

/// A county's admin, somebody of a university, and the county's id.
struct Story {
    fixture: Fixture,
    admin: Actor,
    stranger: Actor,
    record: ID,
}

impl std::ops::Deref for Story {
    type Target = Fixture;

    fn deref(&self) -> &Fixture {
        &self.fixture
    }
}

impl Story {
    async fn new() -> Self {
        attachable(&OfOrganizations);
        let fixture = Fixture::with(&[("max_file_bytes", "1000")]).await;
        let county = fixture.organization(Kind::County).await;
        let university = fixture.organization(Kind::University).await;
        let admin = fixture.person((county, Kind::County), Role::CountyAdmin).await;
        let stranger = fixture.person((university, Kind::University), Role::UniversityAdmin).await;
        let record = ID(id::show("organization", county));
        Self { fixture, admin, stranger, record }
    }

    fn input(&self, name: &str, media_type: Option<&str>) -> DocumentUploadCreateInput {
        let (record_id, media_type) = (self.record.clone(), media_type.map(str::to_owned));
        DocumentUploadCreateInput { record_id, name: name.to_owned(), media_type }
    }

    async fn address(&self, media_type: Option<&str>) -> (Uuid, String) {
        let created = create_upload(&self.app, &self.admin, &self.input("盖章页", media_type)).await.unwrap();
        let token = created.url.rsplit_once("?token=").unwrap().1.to_owned();
        (created.document, token)
    }

    async fn send(&self, (document, token): &(Uuid, String), bytes: &'static [u8]) -> Result<Received> {
        let parts = bytes.chunks(7).map(|part| std::io::Result::Ok(Bytes::from_static(part)));
        receive(&self.app, (*document, token), stream::iter(parts)).await
    }

    async fn confirm(&self, document: Uuid, expected: Option<&str>) -> Result<Uuid> {
        let expected_sha256 = expected.map(str::to_owned);
        confirm(&self.app, &self.admin, &DocumentConfirmInput { id: Id::new(document), expected_sha256 }).await
    }

    async fn row(&self, document: Uuid) -> document::Model {
        document::Entity::find_by_id(document).one(self.db().reader()).await.unwrap().unwrap()
    }

    /// How many files are on the disk, whole or in the making.
    fn files(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
            entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        count(&self.app.settings().data_dir.join("files"))
    }

    async fn request(&self, request: Request<Body>) -> (StatusCode, axum::http::HeaderMap, Bytes) {
        let answer = http::routes(self.app.clone()).oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        (head.status, head.headers, body.collect().await.unwrap().to_bytes())
    }
}

fn path(url: &str) -> &str {
    url.strip_prefix("http://localhost:8080").unwrap()
}

const PDF: &[u8] = b"%PDF-1.7\n a scan of a page with a seal\n%%EOF";

#[tokio::test]
async fn a_file_is_announced_sent_confirmed_and_fetched() {
    let story = Story::new().await;
    let created = create_upload(&story.app, &story.admin, &story.input("盖章页.pdf", None)).await.unwrap();
    assert_eq!(created.expires_at.to_rfc3339(), "2025-05-06T01:15:00+00:00");
    let document = created.document;
    let put = |url: &str| Request::put(path(url)).body(Body::from(PDF)).unwrap();
    let (status, _, body) = story.request(put(&created.url)).await;
    assert_eq!(status, StatusCode::OK);
    let answer: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer, serde_json::json!({ "mediaType": "application/pdf", "bytes": 44, "sha256": sha256(PDF) }));
    // The address is spent.
    let (status, _, body) = story.request(put(&created.url)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(String::from_utf8_lossy(&body).contains("NOT_FOUND"));

    assert_eq!(story.confirm(document, Some(&sha256(PDF).to_uppercase())).await.unwrap(), document);
    let row = story.row(document).await;
    assert_eq!((row.status, row.version, row.upload_token_hash), (document::DocumentStatus::Confirmed, 3, None));

    let wish = DocumentDownloadCreateInput { id: Id::new(document) };
    let link = download(&story.app, &story.stranger, &wish).await.unwrap();
    assert_eq!(link.expires_at.to_rfc3339(), "2025-05-06T01:05:00+00:00");
    let get = |url: &str| Request::get(path(url)).body(Body::empty()).unwrap();
    let (status, headers, body) = story.request(get(&link.url)).await;
    assert_eq!((status, &*body), (StatusCode::OK, PDF));
    assert_eq!(headers[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(headers[header::CONTENT_LENGTH], "44");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename*=UTF-8''%E7%9B%96%E7%AB%A0%E9%A1%B5.pdf");

    let other = link.url.replace("expires=17", "expires=18");
    let forged = format!("{}x", link.url);
    for url in [other.as_str(), &forged, link.url.split_once('?').unwrap().0, &created.url] {
        assert_eq!(story.request(get(url)).await.0, StatusCode::NOT_FOUND, "{url}");
    }
    story.pass(5 * 60);
    assert_eq!(story.request(get(&link.url)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(trail::verify(story.db()).await.unwrap(), []);
}

#[tokio::test]
async fn of_many_who_send_at_once_exactly_one_succeeds() {
    let story = Story::new().await;
    let address = story.address(None).await;
    let sent = (0..32).map(|_| story.send(&address, PDF));
    let outcomes = futures_util::future::join_all(sent).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.into_iter().filter_map(Result::err).all(|error| error.code() == Code::NotFound));
    assert_eq!(story.files(), 1);
    let row = story.row(address.0).await;
    assert_eq!((row.bytes, row.version), (Some(44), 2));
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_and_can_be_sent_again() {
    let story = Story::new().await;
    let address = story.address(Some("application/pdf")).await;
    let refused = async |bytes| story.send(&address, bytes).await.unwrap_err().code();
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n").await, Code::InvalidInput);
    assert_eq!(refused(b"<html><script>").await, Code::InvalidInput);
    assert_eq!(refused(b"").await, Code::InvalidInput);
    assert_eq!(refused(b"PK\x03\x04").await, Code::InvalidInput);
    assert_eq!(refused(&[b'%'; 1001]).await, Code::LimitExceeded);
    let broken = stream::iter([Ok(Bytes::from_static(PDF)), Err(std::io::Error::other("gone"))]);
    assert_eq!(receive(&story.app, (address.0, &address.1), broken).await.unwrap_err().code(), Code::InvalidInput);
    for token in ["", "upload_x", &address.1.to_uppercase()] {
        let sent = story.send(&(address.0, token.to_owned()), PDF).await;
        assert_eq!(sent.unwrap_err().code(), Code::NotFound, "{token}");
    }
    assert_eq!(story.files(), 0);
    assert_eq!(story.confirm(address.0, None).await.unwrap_err().code(), Code::IllegalStep);
    story.send(&address, PDF).await.unwrap();
    assert_eq!(story.files(), 1);
}

#[tokio::test]
async fn an_address_expires() {
    let story = Story::new().await;
    let address = story.address(None).await;
    story.pass(15 * 60);
    assert_eq!(story.send(&address, PDF).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn whoever_may_not_change_the_record_attaches_nothing() {
    let story = Story::new().await;
    let refused = create_upload(&story.app, &story.stranger, &story.input("a.pdf", None)).await;
    assert_eq!(refused.unwrap_err().code(), Code::Forbidden);
    for record in ["user_01h455vb4pex5vsknk084sn02q", "organization_x", ""] {
        let input = DocumentUploadCreateInput { record_id: ID(record.to_owned()), ..story.input("a.pdf", None) };
        assert_eq!(create_upload(&story.app, &story.admin, &input).await.unwrap_err().code(), Code::InvalidInput);
    }
    let Err(Error::Problems(problems)) =
        create_upload(&story.app, &story.admin, &story.input("../a", Some("text/html"))).await
    else {
        panic!("expected problems")
    };
    let paths: Vec<_> = problems.iter().map(|problem| problem.path.join(".")).collect();
    assert_eq!(paths, ["input.name", "input.mediaType"]);
}

#[tokio::test]
async fn an_unconfirmed_file_is_its_organizations_alone() {
    let story = Story::new().await;
    let address = story.address(None).await;
    story.send(&address, PDF).await.unwrap();
    let wish = DocumentDownloadCreateInput { id: Id::new(address.0) };
    assert_eq!(download(&story.app, &story.stranger, &wish).await.unwrap_err().code(), Code::NotFound);
    assert!(download(&story.app, &story.admin, &wish).await.is_ok());
    // A colleague sees it, and confirms nothing.
    let county = (story.admin.organization(), Kind::County);
    let colleague = story.person(county, Role::CountyAdmin).await;
    let input = DocumentConfirmInput { id: Id::new(address.0), expected_sha256: None };
    assert_eq!(confirm(&story.app, &colleague, &input).await.unwrap_err().code(), Code::Forbidden);
    assert_eq!(confirm(&story.app, &story.stranger, &input).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(story.confirm(address.0, Some(&sha256(b"another"))).await.unwrap_err().code(), Code::Conflict);
}

#[tokio::test]
async fn only_a_confirmed_document_of_the_own_side_is_evidence() {
    let story = Story::new().await;
    let address = story.address(None).await;
    let record = RecordRef { kind: "organization", id: story.admin.organization() };
    let elsewhere = RecordRef { kind: "organization", id: story.stranger.organization() };
    let ask = async |actor: &Actor, record: RecordRef| {
        let asked = story.db().write(move |tx| async move { attached(&tx, actor, (record, address.0)).await });
        asked.await.map(|row| row.id).map_err(|error| error.code())
    };
    let (document, token) = (address.0, &address.1);
    assert_eq!(ask(&story.admin, record).await, Err(Code::InvalidInput));
    receive(&story.app, (document, token), stream::iter([std::io::Result::Ok(Bytes::from_static(PDF))])).await.unwrap();
    assert_eq!(ask(&story.admin, record).await, Err(Code::InvalidInput));
    story.confirm(document, None).await.unwrap();
    assert_eq!(ask(&story.admin, record).await, Ok(document));
    assert_eq!(ask(&story.admin, elsewhere).await, Err(Code::InvalidInput));
    assert_eq!(ask(&story.stranger, record).await, Err(Code::InvalidInput));
}

#[tokio::test]
async fn files_that_nobody_knows_are_swept_after_a_day() {
    let story = Story::new().await;
    let address = story.address(None).await;
    story.send(&address, PDF).await.unwrap();
    let left = files::place(id::new(Clock::System.now()));
    let bytes = stream::iter([std::io::Result::Ok(Bytes::from_static(PDF))]);
    story.app.files().put(&left, bytes, 1000).await.unwrap();
    assert_eq!(jobs::sweep(&story.app).await.unwrap(), 0);
    let yesterday = std::time::SystemTime::now() - std::time::Duration::from_hours(25);
    for place in [&left, &story.row(address.0).await.storage_key] {
        let file = std::fs::File::open(story.app.settings().data_dir.join("files").join(place)).unwrap();
        file.set_modified(yesterday).unwrap();
    }
    assert_eq!(jobs::sweep(&story.app).await.unwrap(), 1);
    assert_eq!(story.files(), 1);
}

#[test]
fn the_lifecycle_is_whole() {
    assert_eq!(document::Entity::unreachable(), []);
}
