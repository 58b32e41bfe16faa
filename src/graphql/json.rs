//! Writing JSON: texts, moments, days and async-graphql's values, straight into one buffer.

use std::fmt::Write as _;

use async_graphql::Value;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

/// What async-graphql's values hold in place of text that is JSON already: `serde_json`'s private name for it.
const RAW: &str = "$serde_json::private::RawValue";

/// A value that is JSON already. Never for text that a client sent.
#[must_use]
pub fn raw(json: String) -> Value {
    Value::Object([(async_graphql::Name::new(RAW), Value::String(json))].into_iter().collect())
}

/// Writes a value of async-graphql's; JSON inside it is copied, not read again.
pub fn push_value(out: &mut String, value: &Value) {
    match value {
        // No scalar of ours is binary.
        Value::Null | Value::Binary(_) => out.push_str("null"),
        Value::Number(number) => _ = write!(out, "{number}"),
        Value::String(text) => push_text(out, text),
        Value::Boolean(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Enum(word) => push_text(out, word),
        Value::List(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                separate(out, place);
                push_value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            if let (1, Some(Value::String(json))) = (members.len(), members.get(RAW)) {
                out.push_str(json);
                return;
            }
            out.push('{');
            for (place, (name, member)) in members.iter().enumerate() {
                separate(out, place);
                push_text(out, name);
                out.push(':');
                push_value(out, member);
            }
            out.push('}');
        }
    }
}

/// A comma before every member but the first.
pub(super) fn separate(out: &mut String, place: usize) {
    if place > 0 {
        out.push(',');
    }
}

/// Writes a text in quotes.
pub fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut done = 0;
    for (place, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[done..place]);
        done = place + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            other => _ = write!(out, "\\u{other:04x}"),
        }
    }
    out.push_str(&text[done..]);
    out.push('"');
}

/// Writes a whole number.
pub(super) fn push_integer(out: &mut String, number: i64) {
    // Writing to a String cannot fail.
    _ = write!(out, "{number}");
}

/// Writes `2026-11-22T08:00:00.000000Z`, without quotes.
pub(super) fn push_time(out: &mut String, at: DateTime<Utc>) {
    push_date(out, at.date_naive());
    out.push('T');
    push_digits(out, at.hour(), 2);
    out.push(':');
    push_digits(out, at.minute(), 2);
    out.push(':');
    push_digits(out, at.second(), 2);
    out.push('.');
    push_digits(out, at.timestamp_subsec_micros(), 6);
    out.push('Z');
}

/// Writes `2026-11-22`, without quotes.
pub(super) fn push_date(out: &mut String, day: NaiveDate) {
    match u32::try_from(day.year()) {
        Ok(year) if year <= 9_999 => push_digits(out, year, 4),
        _ => _ = write!(out, "{:+05}", day.year()),
    }
    out.push('-');
    push_digits(out, day.month(), 2);
    out.push('-');
    push_digits(out, day.day(), 2);
}

fn push_digits(out: &mut String, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_back_by_any_reader() {
        for text in ["", "营山县", "a\"b\\c\n\r\t\u{1}\u{1f} \u{7f}\u{2028}", "\\\"", "\u{0}end"] {
            let mut out = String::new();
            push_text(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }

    #[test]
    fn json_inside_a_value_is_copied() {
        let value = Value::List(vec![raw(r#"{"b":1,"a":[ ]}"#.to_owned()), Value::Null, Value::from(2.5)]);
        let mut out = String::new();
        push_value(&mut out, &value);
        assert_eq!(out, r#"[{"b":1,"a":[ ]},null,2.5]"#);
        assert_eq!(serde_json::to_string(&raw("[1]".to_owned())).unwrap(), "[1]");
    }

    #[test]
    fn moments_are_in_microseconds() {
        let mut out = String::new();
        push_time(&mut out, "2026-01-02T03:04:05.000006Z".parse().unwrap());
        assert_eq!(out, "2026-01-02T03:04:05.000006Z");
    }
}
