//! Whether every variable that must have a value has one: async-graphql finds out only while it executes.

use async_graphql::{Value, Variables, parser::types::ExecutableDocument};

use super::{invalid, operation::pick};
use crate::error::Error;

/// Refuses a document whose operation has a required variable without a value.
///
/// # Errors
/// `INVALID_INPUT` naming the variable.
pub fn provided(document: &ExecutableDocument, name: Option<&str>, given: &Variables) -> Result<(), Error> {
    let definitions = pick(document, name).map(|operation| operation.variable_definitions.as_slice());
    for definition in definitions.unwrap_or_default() {
        let definition = &definition.node;
        let required = !definition.var_type.node.nullable && definition.default_value.is_none();
        let name = &definition.name.node;
        if required && matches!(given.get(name), None | Some(Value::Null)) {
            return Err(invalid(format!("The variable \"${name}\" needs a value."), format!("变量“${name}”缺少值。")));
        }
    }
    Ok(())
}
