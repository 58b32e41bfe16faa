//! What Prometheus reads: how much is asked, how it ends, how long it takes, what is open now.
//!
//! The counters belong to the process, as the page they are read from does. `settings.metrics_listen` says where;
//! by default nowhere.

use std::{
    fmt::Write,
    sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

use async_graphql::parser::types::OperationType;
use axum::{Router, http::StatusCode, http::header, response::IntoResponse, routing::get};

/// Operation types, and everything that is not one.
const KINDS: [&str; 4] = ["query", "mutation", "subscription", "none"];
/// Status classes, 1xx to 5xx.
const CLASSES: usize = 5;
/// Upper bounds of the histogram, in milliseconds.
const BOUNDS: [u64; 13] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

static METRICS: Metrics = Metrics {
    requests: [const { [const { AtomicU64::new(0) }; CLASSES] }; KINDS.len()],
    buckets: [const { [const { AtomicU64::new(0) }; BOUNDS.len() + 1] }; KINDS.len()],
    micros: [const { AtomicU64::new(0) }; KINDS.len()],
    over_sockets: [const { AtomicU64::new(0) }; KINDS.len()],
    sockets: AtomicI64::new(0),
    running: AtomicI64::new(0),
    rendered: AtomicU64::new(0),
    sent: AtomicU64::new(0),
};

struct Metrics {
    requests: [[AtomicU64; CLASSES]; KINDS.len()],
    /// Requests no slower than each bound and slower than the one before; the last has no bound.
    buckets: [[AtomicU64; BOUNDS.len() + 1]; KINDS.len()],
    micros: [AtomicU64; KINDS.len()],
    over_sockets: [AtomicU64; KINDS.len()],
    sockets: AtomicI64,
    running: AtomicI64,
    rendered: AtomicU64,
    sent: AtomicU64,
}

/// Something that is open or running, until it is dropped.
#[derive(Debug)]
pub(super) struct Held(&'static AtomicI64);

impl Held {
    fn new(gauge: &'static AtomicI64) -> Self {
        gauge.fetch_add(1, Relaxed);
        Self(gauge)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// A socket is open.
pub(super) fn open_socket() -> Held {
    Held::new(&METRICS.sockets)
}

/// An operation is running.
pub(super) fn running() -> Held {
    Held::new(&METRICS.running)
}

/// A result of a subscription was written.
pub(super) fn rendered() {
    METRICS.rendered.fetch_add(1, Relaxed);
}

/// A result of a subscription was sent to somebody.
pub(super) fn sent() {
    METRICS.sent.fetch_add(1, Relaxed);
}

/// A request was answered.
pub(super) fn answered(kind: Option<OperationType>, status: StatusCode, took: Duration) {
    let kind = index(kind);
    let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES) - 1;
    METRICS.requests[kind][class].fetch_add(1, Relaxed);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let bucket = BOUNDS.iter().position(|bound| micros <= bound * 1_000).unwrap_or(BOUNDS.len());
    METRICS.buckets[kind][bucket].fetch_add(1, Relaxed);
    METRICS.micros[kind].fetch_add(micros, Relaxed);
}

/// An operation was started on a socket.
pub(super) fn ordered(kind: OperationType) {
    METRICS.over_sockets[index(Some(kind))].fetch_add(1, Relaxed);
}

/// Since then, in milliseconds, for the log.
pub(super) fn milliseconds(began: Instant) -> f64 {
    (began.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

fn index(kind: Option<OperationType>) -> usize {
    match kind {
        Some(OperationType::Query) => 0,
        Some(OperationType::Mutation) => 1,
        Some(OperationType::Subscription) => 2,
        None => 3,
    }
}

/// `/metrics`, for a listener of its own: nothing here is for the public.
pub fn metrics() -> Router {
    Router::new().route("/metrics", get(page))
}

async fn page() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text())
}

/// The text that Prometheus reads. Writing to memory cannot fail.
fn text() -> String {
    let mut out = String::new();
    head(&mut out, "hezuo_http_requests_total", "counter", "Requests answered, by operation and class of status.");
    for (kind, name) in KINDS.iter().enumerate() {
        for (class, count) in METRICS.requests[kind].iter().enumerate() {
            let labels = format!("operation=\"{name}\",status=\"{}xx\"", class + 1);
            line(&mut out, "hezuo_http_requests_total", &labels, count.load(Relaxed));
        }
    }
    let name = "hezuo_http_request_duration_seconds";
    head(&mut out, name, "histogram", "Time from the head of a request to the head of its answer.");
    for (kind, operation) in KINDS.iter().enumerate() {
        histogram(&mut out, name, kind, &format!("operation=\"{operation}\""));
    }
    head(&mut out, "hezuo_socket_operations_total", "counter", "Operations started on WebSockets.");
    for (kind, name) in KINDS.iter().enumerate().take(3) {
        let count = METRICS.over_sockets[kind].load(Relaxed);
        line(&mut out, "hezuo_socket_operations_total", &format!("operation=\"{name}\""), count);
    }
    for (name, help, counter) in [
        (
            "hezuo_results_rendered_total",
            "Results of subscriptions written, once for all who hear them.",
            &METRICS.rendered,
        ),
        ("hezuo_results_sent_total", "Results of subscriptions sent.", &METRICS.sent),
    ] {
        head(&mut out, name, "counter", help);
        let _ = writeln!(out, "{name} {}", counter.load(Relaxed));
    }
    for (name, help, gauge) in [
        ("hezuo_sockets_open", "WebSockets open now.", &METRICS.sockets),
        ("hezuo_operations_running", "Operations running now, subscriptions included.", &METRICS.running),
    ] {
        head(&mut out, name, "gauge", help);
        let _ = writeln!(out, "{name} {}", gauge.load(Relaxed));
    }
    out
}

fn histogram(out: &mut String, name: &str, kind: usize, labels: &str) {
    let mut total = 0;
    for (at, count) in METRICS.buckets[kind].iter().enumerate() {
        total += count.load(Relaxed);
        let bound = BOUNDS.get(at).map_or_else(|| "+Inf".to_owned(), |bound| seconds(bound * 1_000));
        line(out, &format!("{name}_bucket"), &format!("{labels},le=\"{bound}\""), total);
    }
    let _ = writeln!(out, "{name}_sum{{{labels}}} {}", seconds(METRICS.micros[kind].load(Relaxed)));
    line(out, &format!("{name}_count"), labels, total);
}

fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(out: &mut String, name: &str, labels: &str, value: u64) {
    let _ = writeln!(out, "{name}{{{labels}}} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        assert_eq!([seconds(2_500_000), seconds(1_000), seconds(0)], ["2.5", "0.001", "0"]);
        answered(Some(OperationType::Subscription), StatusCode::IM_A_TEAPOT, Duration::from_micros(1_001));
        let text = text();
        for line in [
            "# TYPE hezuo_http_request_duration_seconds histogram",
            "hezuo_http_requests_total{operation=\"subscription\",status=\"4xx\"} 1",
            "hezuo_http_request_duration_seconds_bucket{operation=\"subscription\",le=\"0.001\"} 0",
            "hezuo_http_request_duration_seconds_bucket{operation=\"subscription\",le=\"0.002\"} 1",
            "hezuo_http_request_duration_seconds_bucket{operation=\"subscription\",le=\"+Inf\"} 1",
            "hezuo_http_request_duration_seconds_sum{operation=\"subscription\"} 0.001001",
            "hezuo_http_request_duration_seconds_count{operation=\"subscription\"} 1",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }
}
