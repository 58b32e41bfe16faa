//! What machines ask a server: does it live, can it work, which keys does it sign with.

use std::time::Duration;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::site::Site;
use crate::{identity, platform::ready};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/health/live`: the process answers. If not, it should be started again.
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// `/health/ready`: the database answers and is up to date. If not, send requests elsewhere for now.
pub(super) async fn ready(State(site): State<Site>) -> (StatusCode, &'static str) {
    match tokio::time::timeout(PATIENCE, ready::ready(site.app.db())).await {
        Ok(Ok(true)) => (StatusCode::OK, "ok\n"),
        Ok(Ok(false)) => (StatusCode::SERVICE_UNAVAILABLE, "the database is not migrated\n"),
        Ok(Err(error)) => {
            tracing::warn!(?error, "the database cannot be asked");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

/// `/.well-known/jwks.json`: the public keys with which anybody can check our tokens.
pub(super) async fn jwks(State(site): State<Site>) -> Response {
    match identity::jwks(&site.app).await {
        Ok(keys) => {
            let headers = [
                (header::CONTENT_TYPE, "application/jwk-set+json"),
                (header::CACHE_CONTROL, "public, max-age=300"),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            ];
            (headers, keys.to_string()).into_response()
        }
        Err(error) => {
            tracing::error!(?error, "the keys cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Every other path.
pub(super) async fn nothing_here() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "Nothing is here. The API is at /graphql. 此处没有内容，接口地址为 /graphql。\n")
}

/// Asks a server on this machine whether it is ready, as a container's health check does.
///
/// # Errors
/// When nothing answers there.
pub async fn ask_readiness(listen: SocketAddr) -> io::Result<bool> {
    let address = match listen.ip() {
        ip if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), listen.port()),
        _ => listen,
    };
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await?;
    Ok(head.ends_with(b" 200"))
}
