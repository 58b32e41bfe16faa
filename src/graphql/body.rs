//! What an input says, as one text.

use async_graphql::InputType;

/// The input in one spelling: two requests with the same body ask for the same.
#[must_use]
pub fn body(input: &impl InputType) -> String {
    input.to_value().to_string()
}
