//! Traces for OpenTelemetry, where a collector is named: what each request was, how long it took and under which span
//! of the caller it ran. Names of operations and fields are in it; tokens, variables and people are not.

use std::time::Duration;

use axum::http::HeaderMap;
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator},
    trace::TracerProvider as _,
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    runtime,
    trace::{SdkTracerProvider, span_processor_with_async_runtime::BatchSpanProcessor},
};
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter, registry::LookupSpan};

/// The target of every span: the log leaves it out, and without a collector nothing is measured.
pub const TARGET: &str = "hezuo::traces";
/// How long a collector may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way to the collector, if one is named.
#[derive(Debug)]
pub struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// Sends traces to a collector at this address; empty: nowhere.
    ///
    /// # Errors
    /// A sentence for whoever runs the server, when the address cannot be used.
    pub fn to(endpoint: &str) -> Result<Self, String> {
        if endpoint.is_empty() {
            return Ok(Self(None));
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpJson)
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| format!("otlp_endpoint: cannot be used ({error})"))?;
        let processor = BatchSpanProcessor::builder(exporter, runtime::Tokio).build();
        let resource = Resource::builder().with_service_name(env!("CARGO_PKG_NAME")).build();
        Ok(Self(Some(SdkTracerProvider::builder().with_span_processor(processor).with_resource(resource).build())))
    }

    /// What turns our spans into traces.
    #[must_use]
    pub fn layer<S: Subscriber + for<'span> LookupSpan<'span>>(&self) -> Option<impl Layer<S> + use<S>> {
        let tracer = self.0.as_ref()?.tracer(env!("CARGO_PKG_NAME"));
        let ours = filter::filter_fn(|metadata| metadata.is_span() && metadata.target() == TARGET);
        Some(tracing_opentelemetry::layer().with_tracer(tracer).with_filter(ours))
    }

    /// Sends what is left.
    pub fn flush(self) {
        if let Some(provider) = self.0
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// Continues the trace of whoever sent the request (W3C `traceparent`).
pub fn continues(span: &Span, headers: &HeaderMap) {
    if span.is_disabled() {
        return;
    }
    let context = TraceContextPropagator::new().extract(&Headers(headers));
    // A span that has begun already keeps its own trace.
    let _ = span.set_parent(context);
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}
