//! The limit: what the operations of `benches/operations` cost when each is written by hand, without GraphQL, accounts
//! or budgets. Never shipped. PostgreSQL only:
//!
//! `DATABASE_URL=postgres://… LISTEN=127.0.0.1:8090 CONNECTIONS=16 cargo bench --bench limit`
//!
//! `GET /q1/{uuid}`, `/q2`, `/q3`, `/q4`, `/t3`, `/t4/{uuid}`, `POST /m1` and `/tm1` answer what `data` holds in Hezuo's
//! answers, with plain UUIDs for ids. Q2 to T4 are one statement each, whose JSON PostgreSQL builds. M1 and TM1 are one
//! transaction each that decides by the same rules and writes the same rows as `cooperationItemCreate` and
//! `applicationSubmit`, with one statement for each table. With `LIMIT_ORGANIZATION=<uuid>` the statements show what a
//! member of that organization may see, as Hezuo's always do.

#![expect(clippy::unwrap_used, reason = "a bench fails where it stands")]
#![expect(clippy::print_stdout, reason = "a bench prints")]

mod statements;
mod talent;
mod write;

use std::{env, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Serialize;
use sqlx::{
    AssertSqlSafe, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use self::{statements::Statements, talent::NewApplication, write::NewItem};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Everything a request needs.
pub(crate) struct Limit {
    pub(crate) pool: PgPool,
    pub(crate) statements: Statements,
    /// Who is said to have done it, and for whom.
    pub(crate) actor: (Uuid, Uuid),
}

#[tokio::main]
async fn main() {
    let Ok(url) = env::var("DATABASE_URL") else {
        println!("DATABASE_URL=postgres://… LISTEN=127.0.0.1:8090 CONNECTIONS=16 cargo bench --bench limit");
        return;
    };
    let connections = env::var("CONNECTIONS").map_or(16, |text| text.parse().unwrap());
    let organization: Option<Uuid> = env::var("LIMIT_ORGANIZATION").ok().map(|text| text.parse().unwrap());
    let options: PgConnectOptions = url.parse().unwrap();
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(connections)
        .test_before_acquire(false)
        .connect_with(options.application_name("limit"))
        .await
        .unwrap();
    let actor = sqlx::query_as(
        "SELECT user_id, organization_id FROM membership \
         WHERE organization_id = COALESCE($1, organization_id) AND status = 'ACTIVE' ORDER BY role DESC, id LIMIT 1",
    );
    let actor = actor.bind(organization).fetch_one(&pool).await.unwrap();
    let limit = Limit { pool, statements: Statements::new(organization), actor };
    let router = Router::new()
        .route("/q1/{id}", get(q1))
        .route("/q2", get(async |State(limit): State<Arc<Limit>>| read(&limit, &limit.statements.q2).await))
        .route("/q3", get(async |State(limit): State<Arc<Limit>>| read(&limit, &limit.statements.q3).await))
        .route("/q4", get(async |State(limit): State<Arc<Limit>>| read(&limit, &limit.statements.q4).await))
        .route("/t3", get(async |State(limit): State<Arc<Limit>>| read(&limit, &limit.statements.t3).await))
        .route("/t4/{event}", get(t4))
        .route("/m1", post(m1))
        .route("/tm1", post(tm1))
        .with_state(Arc::new(limit));
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8090".to_owned());
    let listener = tokio::net::TcpListener::bind(&listen).await.unwrap();
    println!("the limit is at http://{listen}");
    // Served as Hezuo serves, so that HTTP costs both the same.
    hezuo::http::serve(listener, router, std::future::pending()).await.unwrap();
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Agreement {
    id: Uuid,
    number: String,
    title: String,
    status: String,
    ends_on: chrono::NaiveDate,
}

#[derive(Serialize)]
struct Q1 {
    agreement: Option<Agreement>,
}

async fn q1(State(limit): State<Arc<Limit>>, Path(id): Path<Uuid>) -> Response {
    let found = sqlx::query_as(AssertSqlSafe(limit.statements.q1.clone())).bind(id).fetch_optional(&limit.pool).await;
    let shown = |(id, number, title, status, ends_on)| Agreement { id, number, title, status, ends_on };
    match found {
        Ok(row) => answer(serde_json::to_string(&Q1 { agreement: row.map(shown) }).unwrap()),
        Err(error) => failed(&error),
    }
}

async fn read(limit: &Limit, statement: &Arc<str>) -> Response {
    match sqlx::query_scalar(AssertSqlSafe(statement.clone())).fetch_one(&limit.pool).await {
        Ok(json) => answer(json),
        Err(error) => failed(&error),
    }
}

async fn t4(State(limit): State<Arc<Limit>>, Path(event): Path<Uuid>) -> Response {
    match sqlx::query_scalar(AssertSqlSafe(limit.statements.t4.clone())).bind(event).fetch_one(&limit.pool).await {
        Ok(json) => answer(json),
        Err(error) => failed(&error),
    }
}

async fn m1(State(limit): State<Arc<Limit>>, body: Bytes) -> Response {
    let Ok(new) = serde_json::from_slice::<NewItem>(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    match write::create(&limit, &new).await {
        Ok(Some(item)) => answer(serde_json::to_string(&item).unwrap()),
        Ok(None) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        Err(error) => failed(&error),
    }
}

async fn tm1(State(limit): State<Arc<Limit>>, body: Bytes) -> Response {
    let Ok(new) = serde_json::from_slice::<NewApplication>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match talent::apply(&limit, &new).await {
        Ok(Some(application)) => answer(serde_json::to_string(&application).unwrap()),
        Ok(None) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        Err(error) => failed(&error),
    }
}

fn answer(json: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}

fn failed(error: &sqlx::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}
