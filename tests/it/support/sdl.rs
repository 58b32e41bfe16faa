//! The schema as clients read it, taken apart.

use std::{collections::BTreeMap, sync::LazyLock};

use async_graphql::parser::{parse_schema, types::TypeKind, types::TypeSystemDefinition};
use hezuo::schema;

/// The three types with which operations begin.
pub(crate) const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// A type.
#[derive(Debug)]
pub(crate) struct Type {
    /// `object`, `interface`, `input`, `enum`, `scalar`, `union`.
    pub(crate) kind: &'static str,
    /// What its description says; empty for none.
    pub(crate) docs: String,
    /// Its fields, or an input's.
    pub(crate) fields: Vec<Field>,
    /// Its values, with what they say.
    pub(crate) values: Vec<(String, String)>,
}

/// A field, or an argument, or a field of an input.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// What its description says; empty for none.
    pub(crate) docs: String,
    /// Its type: `[Agreement!]!`.
    pub(crate) kind: String,
    /// Its arguments.
    pub(crate) arguments: Vec<Field>,
}

/// Every type of the schema, by its name.
pub(crate) fn types() -> &'static BTreeMap<String, Type> {
    static TYPES: LazyLock<BTreeMap<String, Type>> = LazyLock::new(read);
    &TYPES
}

/// The fields of a type; none when there is no such type.
pub(crate) fn fields(name: &str) -> &'static [Field] {
    types().get(name).map(|found| found.fields.as_slice()).unwrap_or_default()
}

/// A field of a type.
pub(crate) fn field(name: &str, field: &str) -> Option<&'static Field> {
    fields(name).iter().find(|found| found.name == field)
}

impl Field {
    /// Its type without lists and exclamation marks: `Agreement`.
    pub(crate) fn named(&self) -> &str {
        self.kind.trim_matches(['[', ']', '!'])
    }
}

fn read() -> BTreeMap<String, Type> {
    let document = parse_schema(schema::sdl()).expect("the schema's own text");
    let types = document.definitions.into_iter().filter_map(|definition| {
        let TypeSystemDefinition::Type(found) = definition else { return None };
        let found = found.node;
        let docs = found.description.map(|docs| docs.node).unwrap_or_default();
        let (mut fields, mut values) = (Vec::new(), Vec::new());
        let kind = match found.kind {
            TypeKind::Object(object) => {
                fields.extend(object.fields.into_iter().map(|field| output(field.node)));
                "object"
            }
            TypeKind::Interface(interface) => {
                fields.extend(interface.fields.into_iter().map(|field| output(field.node)));
                "interface"
            }
            TypeKind::InputObject(input) => {
                fields.extend(input.fields.into_iter().map(|field| self::input(field.node)));
                "input"
            }
            TypeKind::Enum(values_of) => {
                values.extend(values_of.values.into_iter().map(|value| {
                    let docs = value.node.description.map(|docs| docs.node).unwrap_or_default();
                    (value.node.value.node.to_string(), docs)
                }));
                "enum"
            }
            TypeKind::Scalar => "scalar",
            TypeKind::Union(_) => "union",
        };
        Some((found.name.node.to_string(), Type { kind, docs, fields, values }))
    });
    types.collect()
}

fn output(field: async_graphql::parser::types::FieldDefinition) -> Field {
    Field {
        name: field.name.node.to_string(),
        docs: field.description.map(|docs| docs.node).unwrap_or_default(),
        kind: field.ty.node.to_string(),
        arguments: field.arguments.into_iter().map(|argument| input(argument.node)).collect(),
    }
}

fn input(field: async_graphql::parser::types::InputValueDefinition) -> Field {
    Field {
        name: field.name.node.to_string(),
        docs: field.description.map(|docs| docs.node).unwrap_or_default(),
        kind: field.ty.node.to_string(),
        arguments: Vec::new(),
    }
}
