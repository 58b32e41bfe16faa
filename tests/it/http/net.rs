//! A server on a real port, and clients of its sockets.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use hezuo::http::{Site, serve};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest, http::HeaderValue},
};

/// A test that waits longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) running: JoinHandle<()>,
    stop: Option<oneshot::Sender<()>>,
}

impl Server {
    pub(super) async fn start(site: Site) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(async move {
            serve(listener, site.router(), async { drop(stopped.await) }).await.unwrap();
        });
        Self { address, running, stop: Some(stop) }
    }

    pub(super) fn stop(&mut self) {
        self.stop.take();
    }

    /// A socket that has not said anything yet.
    pub(super) async fn socket(&self) -> Socket {
        self.try_socket(&[("sec-websocket-protocol", "graphql-transport-ws")]).await.unwrap()
    }

    /// A socket that was greeted.
    pub(super) async fn greeted(&self) -> Socket {
        let mut socket = self.socket().await;
        socket.say(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub(super) async fn try_socket(&self, headers: &[(&'static str, &str)]) -> Result<Socket, tungstenite::Error> {
        Socket::to(&self.address.to_string(), headers).await
    }
}

/// A client's end.
pub(super) struct Socket(pub(super) WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// To the server at this address.
    pub(super) async fn to(address: &str, headers: &[(&'static str, &str)]) -> Result<Self, tungstenite::Error> {
        let mut request = format!("ws://{address}/graphql/ws").into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value)?);
        }
        Ok(Self(connect_async(request).await?.0))
    }

    pub(super) async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub(super) async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": { "query": query } })).await;
    }

    /// The next message; control frames are answered by the library.
    pub(super) async fn hear(&mut self) -> Value {
        loop {
            match timeout(PATIENCE, self.0.next()).await.unwrap().unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    /// Code and reason of the close that must come, whatever comes before it; `None` when the line is cut.
    pub(super) async fn closed(&mut self) -> Option<(u16, String)> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.unwrap() {
                Some(Ok(Message::Close(frame))) => {
                    return frame.map(|frame| (frame.code.into(), frame.reason.as_str().to_owned()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}
