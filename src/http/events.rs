//! Results as server-sent events, for networks that break `WebSockets`: the "distinct connections mode" of
//! <https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>, one request for each operation.

use std::{convert::Infallible, time::Duration};

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
    run::Reader,
    serving::{Connection, closing},
    site::Site,
    visitor::Visitor,
};
use crate::error::Error;

/// How often the stream asks whether its user is still signed in.
const CHECK: Duration = Duration::from_secs(1);

/// What one stream needs.
pub(super) struct Events {
    pub(super) site: Site,
    pub(super) reader: Reader,
    pub(super) connection: Option<Connection>,
    /// Who reads, once that is known.
    pub(super) visitor: Option<Visitor>,
    /// What is still to be told.
    pub(super) results: BoxStream<'static, Outcome>,
}

/// A stream being written.
struct Writing {
    events: Events,
    check: Interval,
    heartbeat: Interval,
    over: bool,
}

impl Events {
    /// The answer, whose body is written for as long as there are results and a reader who may have them.
    pub(super) fn respond(self) -> Response {
        let heartbeat = self.site.times.heartbeat;
        let writing = Writing { events: self, check: every(CHECK), heartbeat: every(heartbeat), over: false };
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
                result = self.events.results.next() => {
                    let Some(outcome) = result else {
                        self.over = true;
                        return Some(Bytes::from_static(b"event: complete\ndata:\n\n"));
                    };
                    return Some(next(&outcome));
                }
                _ = self.heartbeat.tick() => return Some(Bytes::from_static(b":\n\n")),
                _ = self.check.tick() => {
                    if let Some(visitor) = &self.events.visitor
                        && !visitor.still_valid(&self.events.site.app).await
                    {
                        let ended = Outcome::failed(Error::unauthenticated().into(), &self.events.reader);
                        self.events.results = stream::empty().boxed();
                        return Some(next(&ended));
                    }
                }
                () = closing(&mut self.events.connection) => return None,
            }
        }
    }
}

/// One result. A line break in JSON is only ever white space, and would end the line.
fn next(outcome: &Outcome) -> Bytes {
    let mut event = b"event: next\ndata: ".to_vec();
    event.extend(outcome.json().into_iter().filter(|byte| !matches!(byte, b'\n' | b'\r')));
    event.extend_from_slice(b"\n\n");
    event.into()
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
