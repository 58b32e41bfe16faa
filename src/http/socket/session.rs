//! The life of one socket.

use std::{collections::HashMap, ops::ControlFlow, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use serde_json::value::RawValue;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until, timeout},
};

use super::{
    message::{Close, Incoming, about, ack, pong},
    operation::{Order, Reply, Running, Said, refusal},
};
use crate::{
    error::{Code, Error, Text},
    graphql::Caller,
    http::{
        answer::Outcome,
        broadcast::{BACKLOG, Heard, News},
        metrics,
        rounds::Watch,
        run::Reader,
        serving::{Connection, closing},
        site::Site,
        visitor::{Visitor, locale_of},
        wire::Asked,
    },
};

/// Operations that may run on one socket at the same time.
pub(super) const MAX_OPERATIONS: usize = 50;
/// Results of all the operations of a socket that may wait to be written; then the operations wait.
const QUEUE: usize = 16;
/// How long a client may take to answer that it is being closed.
const FAREWELL: Duration = Duration::from_secs(2);

/// What is known of a socket before the client says anything.
#[derive(Debug)]
pub(super) struct Greeting {
    pub(super) caller: Caller,
    /// The header of the request that became the socket.
    pub(super) authorization: Option<String>,
    pub(super) request_id: String,
    /// Whether the client offered our protocol.
    pub(super) understood: bool,
}

/// One socket.
pub(super) struct Session {
    site: Site,
    greeting: Greeting,
    connection: Option<Connection>,
    /// Nobody until the greeting was answered.
    visitor: Option<Visitor>,
    running: HashMap<String, Running>,
    /// How many operations there have been.
    serial: u64,
    replies: mpsc::Sender<Box<Reply>>,
    inbox: mpsc::Receiver<Box<Reply>>,
    /// What broadcasts tell.
    news: (mpsc::Sender<Heard>, mpsc::Receiver<Heard>),
    watch: Watch,
}

type Step = ControlFlow<Option<Close>>;

impl Session {
    pub(super) fn new(site: Site, greeting: Greeting, connection: Option<Connection>) -> Self {
        let (replies, inbox) = mpsc::channel(QUEUE);
        let watch = site.watch(None, site.times.heartbeat);
        Self {
            site,
            greeting,
            connection,
            visitor: None,
            running: HashMap::new(),
            serial: 0,
            replies,
            inbox,
            news: mpsc::channel(BACKLOG),
            watch,
        }
    }

    /// Serves the socket until either side closes it.
    pub(super) async fn attend(mut self: Box<Self>, socket: WebSocket) {
        let _open = metrics::open_socket();
        let (mut sink, mut source) = socket.split();
        let close = if self.greeting.understood {
            self.converse(&mut sink, &mut source).await
        } else {
            Some(Close::UnknownProtocol)
        };
        // Stops every operation before anything else is waited for.
        self.running.clear();
        tracing::debug!(target: "hezuo::http", { request.id = self.greeting.request_id, ?close }, "a socket closes");
        if let Some(close) = close
            && self.send(&mut sink, close.frame()).await.is_continue()
        {
            // Whoever hangs up while something is still coming in may lose the farewell.
            let _ = timeout(FAREWELL, async { while let Some(Ok(_)) = source.next().await {} }).await;
        }
    }

    /// Talks until there is a reason to close; `None` when the other side is gone.
    async fn converse(
        &mut self,
        sink: &mut SplitSink<WebSocket, Message>,
        source: &mut SplitStream<WebSocket>,
    ) -> Option<Close> {
        let greeted_by = Instant::now() + self.site.times.greeting;
        let mut connection = self.connection.clone();
        loop {
            let step = tokio::select! {
                message = source.next() => match message {
                    // Boxed, so that a socket that waits does not keep the room for it.
                    Some(Ok(message)) => Box::pin(self.hear(message, sink)).await,
                    Some(Err(error)) => ControlFlow::Break(too_big(error).then_some(Close::TooBig)),
                    None => ControlFlow::Break(None),
                },
                Some(reply) = self.inbox.recv() => self.reply(reply, sink).await,
                Some(heard) = self.news.1.recv() => self.tell(heard, sink).await,
                () = self.watch.called() => self.check(sink).await,
                () = sleep_until(greeted_by), if self.visitor.is_none() => {
                    ControlFlow::Break(Some(Close::GreetingTimeout))
                }
                () = closing(&mut connection) => ControlFlow::Break(Some(Close::GoingAway)),
            };
            if let ControlFlow::Break(close) = step {
                return close;
            }
        }
    }

    async fn hear(&mut self, message: Message, sink: &mut SplitSink<WebSocket, Message>) -> Step {
        self.watch.heard();
        let text = match &message {
            Message::Text(text) => text.as_str(),
            Message::Ping(_) | Message::Pong(_) => return ControlFlow::Continue(()),
            Message::Close(_) => return ControlFlow::Break(None),
            Message::Binary(_) => return stop(Close::BadMessage("Invalid message: text is expected")),
        };
        match Incoming::read(text) {
            Ok(Incoming::Init(payload)) => self.greet(payload, sink).await,
            Ok(Incoming::Ping(payload)) => self.send(sink, pong(payload)).await,
            Ok(Incoming::Pong) => ControlFlow::Continue(()),
            Ok(Incoming::Subscribe(id, payload)) => self.order(id, payload, sink).await,
            Ok(Incoming::Complete(id)) => {
                // Dropping it stops it; what it has already queued is no longer sent.
                self.running.remove(&id);
                ControlFlow::Continue(())
            }
            Err(close) => stop(close),
        }
    }

    /// Finds out who it is.
    async fn greet(&mut self, payload: Option<&RawValue>, sink: &mut SplitSink<WebSocket, Message>) -> Step {
        if self.visitor.is_some() {
            return stop(Close::TooManyGreetings);
        }
        let mut caller = self.greeting.caller.clone();
        if let Some(language) = member(payload, "accept-language") {
            caller.locale = locale_of(&language);
        }
        let authorization = member(payload, "authorization").or_else(|| self.greeting.authorization.clone());
        let arrival = Visitor::arrive(&self.site.app, authorization.as_deref(), caller);
        match timeout(self.site.request_time(), arrival).await {
            Ok(Ok(visitor)) => {
                self.watch.is(visitor.signed_in.as_ref());
                self.visitor = Some(visitor);
                self.send(sink, ack()).await
            }
            Ok(Err(error)) if error.code() == Code::Unauthenticated => stop(Close::Forbidden),
            Ok(Err(error)) => {
                tracing::error!(target: "hezuo::http", { request.id = self.greeting.request_id, ?error }, "a greeting failed");
                stop(Close::Internal)
            }
            Err(_) => stop(Close::Internal),
        }
    }

    /// Starts an operation.
    async fn order(&mut self, id: String, payload: &RawValue, sink: &mut SplitSink<WebSocket, Message>) -> Step {
        let Some(visitor) = self.visitor.as_ref().map(Visitor::again) else { return stop(Close::Unauthorized) };
        let Ok(asked) = Asked::from_json(payload.get().as_bytes()) else {
            return stop(Close::BadMessage("Invalid message: the payload is not a GraphQL request"));
        };
        if self.running.contains_key(&id) {
            return stop(Close::SubscriberExists(id));
        }
        self.serial += 1;
        let request_id = format!("{}.{}", self.greeting.request_id, self.serial);
        let reader = Reader { caller: visitor.caller.clone(), request_id };
        if self.running.len() >= MAX_OPERATIONS {
            return self.send(sink, too_many(&id, &reader)).await;
        }
        let order = Order {
            site: self.site.clone(),
            visitor,
            asked,
            id: id.clone(),
            serial: self.serial,
            reader,
            replies: self.replies.clone(),
            news: self.news.0.clone(),
        };
        self.running.insert(id, order.start());
        ControlFlow::Continue(())
    }

    /// Sends what an operation said, unless it has been stopped since.
    async fn reply(&mut self, reply: Box<Reply>, sink: &mut SplitSink<WebSocket, Message>) -> Step {
        let Some((id, running)) = self.running.iter_mut().find(|(_, one)| one.serial == reply.serial) else {
            return ControlFlow::Continue(());
        };
        let message = match reply.said {
            Said::Next(message) => message,
            Said::Last(message) => {
                let id = id.clone();
                self.running.remove(&id);
                message
            }
            Said::Joined(joined) => {
                running.joined(joined);
                return ControlFlow::Continue(());
            }
        };
        self.send(sink, message).await
    }

    /// Sends what a broadcast tells, to whoever is still signed in.
    async fn tell(&mut self, heard: Heard, sink: &mut SplitSink<WebSocket, Message>) -> Step {
        if !self.is_signed_in().await {
            return stop(Close::Forbidden);
        }
        let Some((id, running)) = self.running.iter_mut().find(|(_, one)| one.serial == heard.serial) else {
            return ControlFlow::Continue(());
        };
        let message = match &*heard.news {
            News::Result { json, code } => {
                running.heard(code.as_deref());
                metrics::sent();
                let message = about(id, "next", Some(json));
                return self.send(sink, message).await;
            }
            News::Refused(outcome) => {
                running.failed(outcome.code());
                refusal(id, outcome)
            }
            News::Over => about(id, "complete", None),
            News::Lost => return self.too_slow(),
        };
        let id = id.clone();
        self.running.remove(&id);
        self.send(sink, message).await
    }

    /// Whether what is sent may be read by whoever greeted us.
    async fn is_signed_in(&self) -> bool {
        match &self.visitor {
            Some(visitor) => visitor.still_valid(&self.site.app).await,
            None => true,
        }
    }

    /// Is the user still signed in, and is the client still there?
    async fn check(&mut self, sink: &mut SplitSink<WebSocket, Message>) -> Step {
        if !self.is_signed_in().await {
            return stop(Close::Forbidden);
        }
        let silent = self.watch.silent();
        if silent > self.site.times.heartbeat * 2 {
            return ControlFlow::Break(None);
        }
        if silent > self.site.times.heartbeat {
            return self.send(sink, Message::Ping(bytes::Bytes::new())).await;
        }
        ControlFlow::Continue(())
    }

    /// Writes one message; a client that does not take it in time is dropped.
    async fn send(&self, sink: &mut SplitSink<WebSocket, Message>, message: Message) -> Step {
        match timeout(self.site.times.reading, sink.send(message)).await {
            Ok(Ok(())) => ControlFlow::Continue(()),
            Ok(Err(_)) => ControlFlow::Break(None),
            Err(_) => self.too_slow(),
        }
    }

    fn too_slow(&self) -> Step {
        tracing::info!(target: "hezuo::http", { request.id = self.greeting.request_id }, "a slow reader was dropped");
        ControlFlow::Break(None)
    }
}

fn stop(close: Close) -> Step {
    ControlFlow::Break(Some(close))
}

fn too_many(id: &str, reader: &Reader) -> Message {
    let error = Error::limit_exceeded(Text::new(
        format!("Operations on this connection: at most {MAX_OPERATIONS}."),
        format!("此连接上的操作数：最多 {MAX_OPERATIONS}。"),
    ));
    refusal(id, &Outcome::failed(error.into(), reader))
}

/// A text in the greeting, whatever the case of its name.
fn member(payload: Option<&RawValue>, name: &str) -> Option<String> {
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(payload?.get()).ok()?;
    let value = members.into_iter().find(|(given, _)| given.eq_ignore_ascii_case(name))?.1;
    match value {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Null => None,
        // Not a header at all, so not a good token either.
        _ => Some(String::new()),
    }
}

fn too_big(error: axum::Error) -> bool {
    let cause = error.into_inner();
    cause.to_string().contains("too long") || cause.to_string().contains("too big")
}
