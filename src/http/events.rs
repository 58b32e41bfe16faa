//! Results as server-sent events, for networks that break `WebSockets`: the "distinct connections mode" of
//! <https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>, one request for each operation.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::{StreamExt, stream, stream::BoxStream};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::{
    accept::Form,
    answer::Outcome,
    broadcast::News,
    rounds::Watch,
    run::Reader,
    serving::{Connection, closing},
    site::Site,
    visitor::Visitor,
};
use crate::error::Error;

/// What one stream needs.
pub(super) struct Events {
    pub(super) site: Site,
    pub(super) reader: Reader,
    pub(super) connection: Option<Connection>,
    /// Who reads, once that is known.
    pub(super) visitor: Option<Visitor>,
    /// What is still to be told.
    pub(super) results: BoxStream<'static, Arc<News>>,
}

/// A stream being written.
struct Writing {
    events: Events,
    watch: Watch,
    heartbeat: Interval,
    over: bool,
}

impl Events {
    /// The answer, whose body is written for as long as there are results and a reader who may have them.
    pub(super) fn respond(self) -> Response {
        let heartbeat = self.site.times.heartbeat;
        // What a client that only reads does not say, the heartbeat finds out by writing to it.
        let signed_in = self.visitor.as_ref().and_then(|visitor| visitor.signed_in.as_ref());
        let watch = self.site.watch(signed_in, Duration::MAX);
        let writing = Writing { events: self, watch, heartbeat: every(heartbeat), over: false };
        let body = stream::unfold(writing, |mut writing| async move {
            let event = writing.event().await?;
            Some((Ok::<_, Infallible>(event), writing))
        });
        let mut response = Response::new(Body::from_stream(body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Form::Events.media_type()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // nginx would otherwise keep events until it has a buffer full of them.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        response
    }
}

impl Writing {
    /// The next piece of text; `None` after the last.
    async fn event(&mut self) -> Option<Bytes> {
        if self.over {
            return None;
        }
        loop {
            tokio::select! {
                news = self.events.results.next() => match news.as_deref() {
                    Some(_) if !self.is_signed_in().await => return Some(self.end()),
                    Some(News::Result { json, .. }) => return Some(next(json)),
                    Some(News::Refused(outcome)) => return Some(next(&outcome.json())),
                    Some(News::Lost) => return None,
                    Some(News::Over) | None => {
                        self.over = true;
                        return Some(Bytes::from_static(b"event: complete\ndata:\n\n"));
                    }
                },
                _ = self.heartbeat.tick() => return Some(Bytes::from_static(b":\n\n")),
                () = self.watch.called() => {
                    if !self.is_signed_in().await {
                        return Some(self.end());
                    }
                }
                () = closing(&mut self.events.connection) => return None,
            }
        }
    }
}

impl Writing {
    async fn is_signed_in(&mut self) -> bool {
        match &self.events.visitor {
            Some(visitor) => visitor.still_valid(&self.events.site.app).await,
            None => true,
        }
    }

    /// What somebody reads who is not signed in any more; nothing but the end follows.
    fn end(&mut self) -> Bytes {
        let ended = Outcome::failed(Error::unauthenticated().into(), &self.events.reader);
        self.events.results = stream::empty().boxed();
        next(&ended.json())
    }
}

/// One result. A line break in JSON is only ever white space, and would end the line.
fn next(json: &[u8]) -> Bytes {
    let mut event = b"event: next\ndata: ".to_vec();
    event.extend(json.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')));
    event.extend_from_slice(b"\n\n");
    event.into()
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
