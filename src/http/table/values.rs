//! How values are written for an office: what they are called in its language, money in yuan, moments as clocks in China
//! show them.

use std::collections::HashMap;

use async_graphql::registry::{MetaType, Registry};
use serde_json::Value;

use super::file::Cell;
use crate::{error::Locale, graphql::chinese, platform::clock};

/// What the values of a column are.
pub(super) enum Kind {
    /// What they say.
    Plain,
    /// A few, each of which is called something.
    Named(HashMap<String, String>),
    /// Whole fen.
    Money,
    /// UTC.
    Moment,
}

impl Kind {
    /// Of the type with this name.
    pub(super) fn of(registry: &Registry, name: &str, locale: Locale) -> Self {
        match (name, registry.types.get(name)) {
            ("Money", _) => Self::Money,
            ("DateTime", _) => Self::Moment,
            (_, Some(MetaType::Enum { enum_values, .. })) if locale == Locale::Zh => {
                let called = enum_values.values().map(|value| {
                    (value.name.clone(), chinese(value.description.as_deref().unwrap_or_default()).to_owned())
                });
                Self::Named(called.filter(|(_, called)| !called.is_empty()).collect())
            }
            _ => Self::Plain,
        }
    }

    /// The title of a column, with the unit in which it is shown: descriptions say fen.
    pub(super) fn titled(&self, title: &str, locale: Locale) -> String {
        let unit = match (self, locale) {
            (Self::Money, Locale::En) => " (yuan)",
            (Self::Money, Locale::Zh) => "（元）",
            (Self::Moment, Locale::En) => " (UTC+8)",
            (Self::Moment, Locale::Zh) => "（北京时间）",
            (Self::Plain | Self::Named(_), _) => "",
        };
        let title = if unit.is_empty() { title } else { title.trim_end_matches("（分）") };
        format!("{title}{unit}")
    }

    /// One value.
    pub(super) fn cell(&self, value: &Value, locale: Locale) -> Cell {
        match (self, value) {
            (Self::Money, Value::String(fen)) => yuan(fen).map_or_else(|| Cell::Text(fen.clone()), Cell::Number),
            (Self::Moment, Value::String(moment)) => Cell::Text(local(moment).unwrap_or_else(|| moment.clone())),
            (Self::Named(called), Value::String(value)) => Cell::Text(called.get(value).unwrap_or(value).clone()),
            (_, Value::String(text)) => Cell::Text(text.clone()),
            (_, Value::Bool(is)) => Cell::Text(yes_or_no(locale, *is).to_owned()),
            (_, Value::Number(number)) => Cell::Number(number.to_string()),
            (_, other) => Cell::Text(other.to_string()),
        }
    }
}

/// Fen as yuan with two decimals.
fn yuan(fen: &str) -> Option<String> {
    let fen: i64 = fen.parse().ok()?;
    let (whole, part) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    Some(format!("{}{whole}.{part:02}", if fen < 0 { "-" } else { "" }))
}

/// A moment as clocks in China show it, to the second.
fn local(moment: &str) -> Option<String> {
    let moment = clock::local(moment.parse().ok()?);
    Some(moment.format("%Y-%m-%d %H:%M:%S").to_string())
}

/// Yes and no, as an office reads them.
fn yes_or_no(locale: Locale, is: bool) -> &'static str {
    match (locale, is) {
        (Locale::En, true) => "yes",
        (Locale::En, false) => "no",
        (Locale::Zh, true) => "是",
        (Locale::Zh, false) => "否",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_yuan_and_moments_are_local() {
        for (fen, shown) in [("0", "0.00"), ("5", "0.05"), ("550000", "5500.00"), ("-123456", "-1234.56")] {
            assert_eq!(yuan(fen).as_deref(), Some(shown));
        }
        assert_eq!(yuan("many"), None);
        assert_eq!(local("2026-12-31T15:59:59.999999Z").as_deref(), Some("2026-12-31 23:59:59"));
        assert_eq!(local("2026-12-31T16:00:00Z").as_deref(), Some("2027-01-01 00:00:00"));
        assert_eq!(local("tomorrow"), None);
    }
}
