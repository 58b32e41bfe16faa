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
        broadcast::{Heard, Seat, Subscriber},
        document::Operation,
        envelope::name_of,
        metrics,
        run::Reader,
        site::Site,
        visitor::Visitor,
        wire::Asked,
    },
};

/// What an operation says to its socket.
#[derive(Debug)]
pub(super) struct Reply {
    /// Which of all the operations that this socket ever had: an id may be used again.
    pub(super) serial: u64,
    pub(super) said: Said,
}

#[derive(Debug)]
pub(super) enum Said {
    /// A message for the client.
    Next(Message),
    /// The last one.
    Last(Message),
    /// It listens to a broadcast and needs no task of its own any more.
    Joined(Box<Joined>),
}

/// An operation that listens to a broadcast.
#[derive(Debug)]
pub(super) struct Joined {
    _seat: Seat,
    line: Line,
}

/// A running operation, stopped when it is dropped.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) serial: u64,
    work: Work,
    /// Results heard from a broadcast.
    results: u64,
    code: Option<String>,
}

#[derive(Debug)]
enum Work {
    Task(AbortHandle),
    Joined(Box<Joined>),
}

impl Running {
    pub(super) fn joined(&mut self, joined: Box<Joined>) {
        self.work = Work::Joined(joined);
    }

    pub(super) fn heard(&mut self, code: Option<&str>) {
        self.results += 1;
        self.code = code.map(str::to_owned);
    }

    pub(super) fn failed(&mut self, code: Option<&str>) {
        self.code = code.map(str::to_owned);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        match &mut self.work {
            Work::Task(task) => task.abort(),
            Work::Joined(joined) => {
                joined.line.results = self.results;
                joined.line.code = self.code.take();
            }
        }
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
    pub(super) replies: mpsc::Sender<Box<Reply>>,
    /// Where broadcasts tell.
    pub(super) news: mpsc::Sender<Heard>,
}

/// How an operation's own task ended.
enum End {
    /// Every result was told.
    Whole,
    /// There was no result at all.
    Failed(Outcome),
    /// Others are told the same.
    Joined(Seat),
}

impl Order {
    /// Starts the operation.
    pub(super) fn start(self) -> Running {
        let serial = self.serial;
        let task = tokio::spawn(self.carry_out()).abort_handle();
        Running { serial, work: Work::Task(task), results: 0, code: None }
    }

    async fn carry_out(mut self) {
        let asked = std::mem::take(&mut self.asked);
        let mut line = Line::new(self.reader.request_id.clone());
        let run = AssertUnwindSafe(self.run(asked, &mut line)).catch_unwind().await;
        let end = run.unwrap_or_else(|_| {
            let error = Error::internal("an operation panicked");
            End::Failed(Outcome::failed(error.into(), &self.reader))
        });
        match end {
            End::Whole => {
                line.code = None;
                self.tell(Said::Last(about(&self.id, "complete", None))).await;
            }
            End::Failed(outcome) => {
                line.code = outcome.code().map(str::to_owned);
                self.tell(Said::Last(refusal(&self.id, &outcome))).await;
            }
            End::Joined(seat) => self.tell(Said::Joined(Box::new(Joined { _seat: seat, line }))).await,
        }
    }

    /// Runs to the end, or to where others run the same.
    async fn run(&self, asked: Asked, line: &mut Line) -> End {
        let prepared = match self.site.prepare(asked, self.visitor.clone()).await {
            Ok(prepared) => prepared,
            Err(fault) => return End::Failed(Outcome::failed(fault, &self.reader)),
        };
        metrics::ordered(prepared.operation.kind);
        line.operation = Some(prepared.operation.clone());
        if let Some(alike) = self.site.alike(&prepared) {
            let subscriber = Subscriber { serial: self.serial, news: self.news.clone() };
            return End::Joined(self.site.join(alike, (prepared, self.reader.clone()), subscriber));
        }
        let mut results = self.site.stream(prepared, self.reader.clone());
        while let Some(outcome) = results.next().await {
            if !outcome.executed {
                return End::Failed(outcome);
            }
            line.code = outcome.code().map(str::to_owned);
            line.results += 1;
            self.tell(Said::Next(about(&self.id, "next", Some(&outcome.json())))).await;
        }
        End::Whole
    }

    /// Waits until the socket has taken it; a socket that is gone takes nothing and has stopped us.
    async fn tell(&self, said: Said) {
        let _ = self.replies.send(Box::new(Reply { serial: self.serial, said })).await;
    }
}

/// The message that an operation was not executed.
pub(super) fn refusal(id: &str, outcome: &Outcome) -> Message {
    let mut errors = Vec::new();
    write(&mut errors, &outcome.errors());
    about(id, "error", Some(&errors))
}

/// An operation's line in the log, written when it ends or is stopped.
#[derive(Debug)]
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
