//! The messages of the protocol, and why a socket is closed.

use std::borrow::Cow;

use axum::extract::ws::{CloseFrame, Message};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::http::answer::write;

/// Bytes of an operation's id.
const MAX_ID: usize = 256;

/// Why a socket is closed: the protocol's own codes, and those of WebSocket itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// The server stops; connect again elsewhere.
    GoingAway,
    /// A message that the protocol does not know, and what is wrong with it.
    BadMessage(&'static str),
    /// A message longer than the server reads.
    TooBig,
    /// An operation before the connection was acknowledged.
    Unauthorized,
    /// The token is not good, or not any more.
    Forbidden,
    /// The client speaks another protocol.
    UnknownProtocol,
    /// No greeting in time.
    GreetingTimeout,
    /// Two operations with one id.
    SubscriberExists(String),
    /// A second greeting.
    TooManyGreetings,
    /// Our own failure.
    Internal,
}

impl Close {
    /// The frame that tells the client.
    pub(super) fn frame(&self) -> Message {
        let (code, reason): (u16, Cow<'_, str>) = match self {
            Self::GoingAway => (1001, "Going away".into()),
            Self::TooBig => (1009, "Message too big".into()),
            Self::BadMessage(what) => (4400, (*what).into()),
            Self::Unauthorized => (4401, "Unauthorized".into()),
            Self::Forbidden => (4403, "Forbidden".into()),
            Self::UnknownProtocol => (4406, "Subprotocol not acceptable".into()),
            Self::GreetingTimeout => (4408, "Connection initialisation timeout".into()),
            Self::SubscriberExists(id) => (4409, short(format!("Subscriber for {id} already exists")).into()),
            Self::TooManyGreetings => (4429, "Too many initialisation requests".into()),
            Self::Internal => (4500, "Internal server error".into()),
        };
        Message::Close(Some(CloseFrame { code, reason: reason.into_owned().into() }))
    }
}

/// A control frame holds 123 bytes of reason; a longer one is told in general.
fn short(reason: String) -> String {
    if reason.len() <= 123 { reason } else { "Subscriber already exists".to_owned() }
}

/// What a client says.
#[derive(Debug)]
pub(super) enum Incoming<'a> {
    /// The greeting, with whatever the client says about itself.
    Init(Option<&'a RawValue>),
    /// Are you there?
    Ping(Option<&'a RawValue>),
    /// I am here.
    Pong,
    /// Run an operation.
    Subscribe(String, &'a RawValue),
    /// Stop an operation.
    Complete(String),
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    id: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl<'a> Incoming<'a> {
    /// Reads a message.
    ///
    /// # Errors
    /// 4400 for anything else than the protocol's messages.
    pub(super) fn read(text: &'a str) -> Result<Self, Close> {
        let wire: Wire<'a> = serde_json::from_str(text).map_err(|_| Close::BadMessage("Invalid message"))?;
        let payload = wire.payload.filter(|payload| payload.get() != "null");
        let is_object = payload.is_none_or(|payload| payload.get().starts_with('{'));
        let id = wire.id.filter(|id| !id.is_empty() && id.len() <= MAX_ID);
        let no_id = Close::BadMessage("Invalid message: id must be a short string");
        if !is_object {
            return Err(Close::BadMessage("Invalid message: payload must be an object"));
        }
        match &*wire.kind {
            "connection_init" => Ok(Self::Init(payload)),
            "ping" => Ok(Self::Ping(payload)),
            "pong" => Ok(Self::Pong),
            "subscribe" => {
                let payload = payload.ok_or(Close::BadMessage("Invalid message: payload is missing"))?;
                Ok(Self::Subscribe(id.ok_or(no_id)?, payload))
            }
            "complete" => Ok(Self::Complete(id.ok_or(no_id)?)),
            _ => Err(Close::BadMessage("Invalid message: unknown type")),
        }
    }
}

/// The greeting is answered.
pub(super) fn ack() -> Message {
    Message::Text("{\"type\":\"connection_ack\"}".into())
}

/// A ping is answered, with what it carried.
pub(super) fn pong(payload: Option<&RawValue>) -> Message {
    Message::Text(match payload {
        Some(payload) => format!("{{\"type\":\"pong\",\"payload\":{}}}", payload.get()).into(),
        None => "{\"type\":\"pong\"}".into(),
    })
}

/// A message about one operation: `next` or `error` with a payload in JSON, or `complete` without.
pub(super) fn about(id: &str, kind: &str, payload: Option<&[u8]>) -> Message {
    let mut out = Vec::with_capacity(64 + payload.map_or(0, <[u8]>::len));
    out.extend_from_slice(b"{\"id\":");
    write(&mut out, &id);
    out.extend_from_slice(b",\"type\":\"");
    out.extend_from_slice(kind.as_bytes());
    out.push(b'"');
    if let Some(payload) = payload {
        out.extend_from_slice(b",\"payload\":");
        out.extend_from_slice(payload);
    }
    out.push(b'}');
    // JSON is UTF-8; what is not would be replaced rather than sent.
    let text = String::from_utf8(out).unwrap_or_else(|text| String::from_utf8_lossy(text.as_bytes()).into_owned());
    Message::Text(text.into())
}
