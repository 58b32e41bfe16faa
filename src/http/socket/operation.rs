//! One operation on a socket.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::extract::ws::Message;
use futures_util::{FutureExt, StreamExt};
use tokio::{sync::mpsc, task::AbortHandle};

use super::message::about;
use crate::{
    error::Error,
    http::{
        answer::{Outcome, write},
        document::Operation,
        envelope::name_of,
        metrics,
        run::Reader,
        site::Site,
        visitor::Visitor,
        wire::Asked,
    },
};

/// A message from an operation to its socket.
#[derive(Debug)]
pub(super) struct Reply {
    /// Which of all the operations that this socket ever had: an id may be used again.
    pub(super) serial: u64,
    pub(super) message: Message,
    /// Whether the operation is over.
    pub(super) last: bool,
}

/// A running operation, stopped when it is dropped.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) serial: u64,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What an operation needs of its socket.
pub(super) struct Order {
    pub(super) site: Site,
    pub(super) visitor: Visitor,
    pub(super) asked: Asked,
    pub(super) id: String,
    pub(super) serial: u64,
    pub(super) reader: Reader,
    pub(super) replies: mpsc::Sender<Reply>,
}

impl Order {
    /// Starts the operation.
    pub(super) fn start(self) -> Running {
        let serial = self.serial;
        Running { serial, task: tokio::spawn(self.carry_out()).abort_handle() }
    }

    async fn carry_out(mut self) {
        let asked = std::mem::take(&mut self.asked);
        let mut line = Line::new(self.reader.request_id.clone());
        let run = AssertUnwindSafe(self.run(asked, &mut line)).catch_unwind().await;
        let failed = run.unwrap_or_else(|_| {
            let error = Error::internal("an operation panicked");
            Some(Outcome::failed(error.into(), &self.reader))
        });
        line.code = failed.as_ref().and_then(|outcome| outcome.code().map(str::to_owned));
        if let Some(outcome) = failed {
            let mut errors = Vec::new();
            write(&mut errors, &outcome.errors());
            self.tell(about(&self.id, "error", Some(&errors)), true).await;
        } else {
            self.tell(about(&self.id, "complete", None), true).await;
        }
    }

    /// Runs to the end; gives back what went wrong if there was no result at all.
    async fn run(&self, asked: Asked, line: &mut Line) -> Option<Outcome> {
        let prepared = match self.site.prepare(asked, self.visitor.clone()).await {
            Ok(prepared) => prepared,
            Err(fault) => return Some(Outcome::failed(fault, &self.reader)),
        };
        metrics::ordered(prepared.operation.kind);
        line.operation = Some(prepared.operation.clone());
        let mut results = self.site.stream(prepared, self.reader.clone());
        while let Some(outcome) = results.next().await {
            if !outcome.executed {
                return Some(outcome);
            }
            line.code = outcome.code().map(str::to_owned);
            line.results += 1;
            self.tell(about(&self.id, "next", Some(&outcome.json())), false).await;
        }
        None
    }

    /// Waits until the socket has taken it; a socket that is gone takes nothing and has stopped us.
    async fn tell(&self, message: Message, last: bool) {
        let _ = self.replies.send(Reply { serial: self.serial, message, last }).await;
    }
}

/// An operation's line in the log, written when it ends or is stopped.
struct Line {
    request_id: String,
    began: Instant,
    operation: Option<Operation>,
    results: u64,
    code: Option<String>,
}

impl Line {
    fn new(request_id: String) -> Self {
        Self { request_id, began: Instant::now(), operation: None, results: 0, code: None }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let operation = self.operation.as_ref();
        tracing::info!(
            target: "hezuo::http",
            {
                request.id = self.request_id,
                duration_ms = metrics::milliseconds(self.began),
                operation.name = operation.and_then(|operation| operation.name.as_deref()),
                operation.type = operation.map(|operation| name_of(operation.kind)),
                results = self.results,
                code = self.code,
            },
            "an operation on a socket ended"
        );
    }
}
