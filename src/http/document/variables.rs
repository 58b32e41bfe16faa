//! Whether every variable that must have a value has one: async-graphql finds out only while it executes. And defaults
//! that it does not look at.

use async_graphql::{Name, Value, Variables, parser::types::BaseType};

use super::{Parsed, invalid, operation::pick};
use crate::error::Error;

impl Parsed {
    /// Refuses the operation of that name while a variable that needs a value has none.
    ///
    /// # Errors
    /// INVALID_INPUT naming the variable.
    pub fn provided(&self, name: Option<&str>, given: &Variables) -> Result<(), Error> {
        let definitions = pick(&self.document, name).map(|operation| operation.variable_definitions.as_slice());
        for definition in definitions.unwrap_or_default() {
            let definition = &definition.node;
            let required = !definition.var_type.node.nullable && definition.default_value.is_none();
            let name = &definition.name.node;
            if required && matches!(given.get(name), None | Some(Value::Null)) {
                let en = format!("The variable \"${name}\" needs a value.");
                return Err(invalid(en, format!("变量“${name}”缺少值。")));
            }
        }
        Ok(())
    }

    /// The values with the defaults of variables that say whether something is included or skipped: async-graphql takes
    /// out what is skipped before it looks at defaults.
    #[must_use]
    pub fn with_flags(&self, name: Option<&str>, mut given: Variables) -> Variables {
        let definitions = pick(&self.document, name).map(|operation| operation.variable_definitions.as_slice());
        for definition in definitions.unwrap_or_default() {
            let definition = &definition.node;
            let is_flag = definition.var_type.node.base == BaseType::Named(Name::new("Boolean"));
            let default = definition.default_value.as_ref().map(|value| &value.node);
            if let (true, Some(default @ Value::Boolean(_))) = (is_flag, default) {
                given.entry(definition.name.node.clone()).or_insert_with(|| default.clone());
            }
        }
        given
    }
}
