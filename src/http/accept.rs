//! Which form of answer a client accepts, by its `Accept` header (RFC 9110, section 12.5.1).

use axum::http::{HeaderMap, header::ACCEPT};

/// The media type of XLSX.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A form in which an answer can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `application/json`: clients older than the specification, which expect status 200.
    Json,
    /// `application/graphql-response+json`: the status says what happened.
    GraphqlResponse,
    /// `text/event-stream`: one event for each result.
    Events,
    /// `text/csv`: a list, whole, as a table.
    Csv,
    /// A workbook: a list, whole, as a table.
    Xlsx,
}

/// What a client accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    /// The form it likes best for a single result.
    pub(super) best: Form,
    /// Whether it named `text/event-stream`, so that a subscription can be answered.
    pub(super) events: bool,
}

impl Form {
    /// Whether it is a table, and no answer of GraphQL's own form.
    pub(super) fn is_table(self) -> bool {
        matches!(self, Self::Csv | Self::Xlsx)
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Events => "text/event-stream; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => WORKBOOK,
        }
    }

    /// Which of equals is written: the newest form for those who name it, the oldest for those who take anything.
    fn rank(self, named: bool) -> u8 {
        match self {
            Self::Events | Self::Csv | Self::Xlsx => 0,
            Self::Json => 1,
            Self::GraphqlResponse => 2 * u8::from(named),
        }
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::GraphqlResponse => ("application", "graphql-response+json"),
            Self::Events => ("text", "event-stream"),
            Self::Csv => ("text", "csv"),
            Self::Xlsx => WORKBOOK.split_once('/').unwrap_or_default(),
        }
    }
}

/// Reads the header; `None` when nothing that we can write is acceptable.
pub(super) fn accepted(headers: &HeaderMap) -> Option<Accepted> {
    let ranges: Vec<Range<'_>> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(Range::read)
        .collect();
    if ranges.is_empty() && !headers.contains_key(ACCEPT) {
        return Some(Accepted { best: Form::Json, events: false });
    }
    // Whoever takes anything wants neither of these.
    let named = |form| preference(&ranges, form).filter(|(_, named)| *named);
    let events = named(Form::Events);
    let best = [
        (Form::Events, events),
        (Form::Csv, named(Form::Csv)),
        (Form::Xlsx, named(Form::Xlsx)),
        (Form::Json, preference(&ranges, Form::Json)),
        (Form::GraphqlResponse, preference(&ranges, Form::GraphqlResponse)),
    ]
    .into_iter()
    .filter_map(|(form, liked)| liked.map(|(quality, named)| (form, quality, named)))
    .max_by_key(|(form, quality, named)| (*quality, *named, form.rank(*named)))?;
    Some(Accepted { best: best.0, events: events.is_some() })
}

/// The quality of the most specific range for this form, and whether that range names it; `None` when unacceptable.
fn preference(ranges: &[Range<'_>], form: Form) -> Option<(u16, bool)> {
    let range = ranges.iter().filter(|range| range.covers(form)).max_by_key(|range| range.specificity())?;
    (range.quality > 0).then_some((range.quality, range.specificity() == 2))
}

struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// Thousandths.
    quality: u16,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(Some(1_000), |(_, value)| thousandths(value.trim()))?;
        Some(Self { kind, subtype, quality })
    }

    fn covers(&self, form: Form) -> bool {
        let (kind, subtype) = form.names();
        let matches = |mine: &str, other: &str| mine == "*" || mine.eq_ignore_ascii_case(other);
        matches(self.kind, kind) && matches(self.subtype, subtype)
    }

    fn specificity(&self) -> u8 {
        u8::from(self.kind != "*") + u8::from(self.subtype != "*")
    }
}

/// `0.8` as 800; `None` for what is not a quality. Shared with the other header that has them.
pub(super) fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "0" if digits => format!("{fraction:0<3}").parse().ok(),
        "1" if digits && fraction.bytes().all(|byte| byte == b'0') => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header::ACCEPT};

    use super::{Form, accepted, thousandths};

    fn best(values: &[&'static str]) -> Option<(Form, bool)> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT, HeaderValue::from_static(value));
        }
        accepted(&headers).map(|accepted| (accepted.best, accepted.events))
    }

    #[test]
    fn the_form_a_client_likes_best() {
        use Form::{Events, GraphqlResponse, Json};
        for (header, form, events) in [
            ("*/*", Json, false),
            ("application/*", Json, false),
            ("application/json", Json, false),
            ("APPLICATION/JSON", Json, false),
            ("application/graphql-response+json", GraphqlResponse, false),
            ("application/graphql-response+json; charset=utf-8", GraphqlResponse, false),
            ("application/graphql-response+json, application/json;q=0.9", GraphqlResponse, false),
            ("application/json, application/graphql-response+json;q=0.9", Json, false),
            ("application/graphql-response+json, */*", GraphqlResponse, false),
            ("application/json, */*", Json, false),
            ("application/json, application/graphql-response+json", GraphqlResponse, false),
            ("text/html, application/xhtml+xml, */*;q=0.8", Json, false),
            ("application/json;q=0, */*", GraphqlResponse, false),
            ("text/event-stream", Events, true),
            (
                "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, \
                 multipart/mixed",
                GraphqlResponse,
                true,
            ),
            ("application/json; q=0.5, text/event-stream; Q=0.8", Events, true),
        ] {
            assert_eq!(best(&[header]), Some((form, events)), "{header}");
        }
        assert_eq!(best(&[]), Some((Json, false)));
        assert_eq!(best(&["text/html", "application/json"]), Some((Json, false)));
    }

    #[test]
    fn nothing_acceptable() {
        for header in
            ["text/html", "application/json;q=0", "image/*", "", "nonsense", "*/*;q=0", "application/json;q=2"]
        {
            assert_eq!(best(&[header]), None, "{header}");
        }
    }

    #[test]
    fn qualities() {
        for (text, value) in [("1", 1_000), ("1.000", 1_000), ("0", 0), ("0.5", 500), ("0.123", 123), ("0.", 0)] {
            assert_eq!(thousandths(text), Some(value));
        }
        for text in ["", "2", "1.1", "0.1234", "-1", "0.x", ".5"] {
            assert_eq!(thousandths(text), None, "{text}");
        }
    }
}
