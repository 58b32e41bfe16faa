//! How much one document may ask for. Generous for people and generated clients, far below what hurts.

use crate::error::{Error, Text};

/// Bytes of a document. The longest that common clients generate are a tenth of it.
pub const MAX_BYTES: u64 = 65_536;
/// Words, numbers, strings and signs of a document; commas, spaces and comments are free.
pub const MAX_TOKENS: u64 = 8_000;
/// Brackets of any kind open at the same time, in the text.
pub const MAX_BRACKETS: u64 = 60;
/// Selection sets within each other, counting fragments: what the executor recurses through.
pub const MAX_NESTING: u64 = 60;
/// Fields within each other. A Relay connection takes three: `agreements { edges { node`.
pub const MAX_DEPTH: u64 = 20;
/// Fields, with every fragment counted as often as it is spread.
pub const MAX_FIELDS: u64 = 2_000;
/// Fields given another name, with every fragment counted as often as it is spread.
pub const MAX_ALIASES: u64 = 100;
/// Directives, with every fragment counted as often as it is spread.
pub const MAX_DIRECTIVES: u64 = 100;
/// Fields at the root of one operation: each starts work of its own.
pub const MAX_ROOT_FIELDS: u64 = 30;
/// Operations in one document: GraphiQL sends a whole tab.
pub const MAX_OPERATIONS: u64 = 50;
/// `__schema` and `__type` in one document.
pub const MAX_INTROSPECTIONS: u64 = 4;
/// Fields within each other below `__schema` or `__type`: the usual introspection query has 15.
pub const MAX_INTROSPECTION_DEPTH: u64 = 24;
/// Fields below `__schema` and `__type`: the usual introspection query has about 250.
pub const MAX_INTROSPECTION_FIELDS: u64 = 400;
/// Lists of types or fields within each other below `__schema` or `__type`, each of which multiplies the answer.
pub const MAX_INTROSPECTION_LISTS: u64 = 2;

/// `LIMIT_EXCEEDED` unless `actual` is within `limit`, naming both.
pub(super) fn hold(what: (&'static str, &'static str), actual: u64, limit: u64) -> Result<(), Error> {
    if actual <= limit {
        return Ok(());
    }
    let (en, zh) = what;
    let actual_text = if actual == u64::MAX { "far too many".to_owned() } else { actual.to_string() };
    let actual_zh = if actual == u64::MAX { "过多".to_owned() } else { actual.to_string() };
    Err(Error::limit_exceeded(Text::new(
        format!("{en}: {actual_text}, at most {limit}."),
        format!("{zh}：{actual_zh}，最多 {limit}。"),
    )))
}
