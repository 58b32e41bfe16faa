//! Connections: accepting them, their time-outs, and the end of the server.

use std::{net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tower::ServiceExt;

use super::patient::Patient;

/// How long a client may take to send the head of a request, and a connection may be idle.
const HEAD_PATIENCE: Duration = Duration::from_mins(1);
/// How long requests and sockets may take to end after the server was told to stop.
const LAST_CALL: Duration = Duration::from_secs(25);
/// Bytes of a request's head.
const MAX_HEAD: usize = 64 * 1024;
/// How long to wait when the system has no more file descriptors.
const BREATH: Duration = Duration::from_millis(100);

/// The connection a request came on: in the request's extensions.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    /// The other end.
    pub(super) peer: SocketAddr,
    /// Turns true when the server stops. Holding it is what the server waits for.
    closing: watch::Receiver<bool>,
}

impl Connection {
    /// Waits until the server stops.
    pub(super) async fn closing(&mut self) {
        // An error means that the server is gone altogether.
        let _ = self.closing.wait_for(|closing| *closing).await;
    }
}

/// Waits until the server stops; for ever without a connection, as in tests.
pub(super) async fn closing(connection: &mut Option<Connection>) {
    match connection {
        Some(connection) => connection.closing().await,
        None => std::future::pending().await,
    }
}

/// Serves until `shutdown`, then lets what has begun end, for a while.
///
/// # Errors
/// Never, at present: a connection that fails ends alone.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) -> std::io::Result<()> {
    let (closing, _) = watch::channel(false);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = Connection { peer, closing: closing.subscribe() };
                tokio::spawn(attend(stream, router.clone(), connection));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    closing.send_replace(true);
    if tokio::time::timeout(LAST_CALL, closing.closed()).await.is_err() {
        tracing::warn!(left = closing.receiver_count(), "stopping although not everything has ended");
    }
    Ok(())
}

/// Answers everything that comes on one connection.
async fn attend(stream: TcpStream, router: Router, mut connection: Connection) {
    // Answers are written whole; waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let here = connection.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(here.clone());
        router.clone().oneshot(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Patient::new(stream)), service)
        .with_upgrades();
    let mut serving = pin!(serving);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = connection.closing() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}
