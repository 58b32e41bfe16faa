//! Whether the values of variables are what their types say. The executor says the same in words; here it is only
//! decided whether it has to be asked.

use async_graphql::{
    Value, Variables,
    parser::types::{BaseType, OperationDefinition, Type},
    registry::{MetaType, Registry},
};

/// Whether every variable that was given conforms to its type. Whatever is unusual does not.
pub(super) fn conform(registry: &Registry, operation: &OperationDefinition, given: &Variables) -> bool {
    operation.variable_definitions.iter().all(|definition| {
        let definition = &definition.node;
        match given.get(&definition.name.node) {
            Some(value) => conforms(registry, &definition.var_type.node, value),
            None => definition.var_type.node.nullable || definition.default_value.is_some(),
        }
    })
}

fn conforms(registry: &Registry, ty: &Type, value: &Value) -> bool {
    match (&ty.base, value) {
        (_, Value::Null) => ty.nullable,
        (BaseType::List(item), Value::List(values)) => values.iter().all(|value| conforms(registry, item, value)),
        (BaseType::List(_), _) => false,
        (BaseType::Named(name), value) => named(registry, name, value),
    }
}

fn named(registry: &Registry, name: &str, value: &Value) -> bool {
    match (registry.types.get(name), value) {
        (Some(MetaType::Scalar { is_valid: Some(is_valid), .. }), value) => is_valid(value),
        (Some(MetaType::Scalar { .. }), _) => true,
        (Some(MetaType::Enum { enum_values, .. }), Value::String(word)) => enum_values.contains_key(word.as_str()),
        (Some(MetaType::InputObject { input_fields, oneof: false, .. }), Value::Object(members)) => {
            members.keys().all(|member| input_fields.contains_key(member.as_str()))
                && input_fields.values().all(|field| match (members.get(field.name.as_str()), Type::new(&field.ty)) {
                    (Some(value), Some(ty)) => conforms(registry, &ty, value),
                    (None, Some(ty)) => ty.nullable || field.default_value.is_some(),
                    (_, None) => false,
                })
        }
        _ => false,
    }
}
