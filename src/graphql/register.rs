//! Telling async-graphql's registry about views: the schema, its descriptions and introspection.

use async_graphql::{
    ID, InputType, OutputType,
    indexmap::IndexMap,
    registry::{Deprecation, MetaField, MetaInputValue, MetaType, MetaTypeId, ObjectBuilder, Registry},
};

use super::{
    node::NODE,
    source::{Find, Source},
    view::{Field, View, camel},
};

/// Registers a view with its fields, their arguments and descriptions.
pub fn view<V: View>(registry: &mut Registry) -> String {
    let name = registry.create_output_type::<V, _>(MetaTypeId::Object, |registry| {
        let definition = V::definition();
        let fields = definition.fields.iter().map(|field| meta(field, registry)).collect();
        object(definition.name, &definition.docs, std::any::type_name::<V>(), fields)
    });
    if V::definition().node {
        super::node::implement(registry, V::definition().name);
    }
    name
}

/// An object type from its fields.
pub(super) fn object(name: &str, docs: &str, rust: &'static str, fields: Vec<MetaField>) -> MetaType {
    let fields: IndexMap<_, _> = fields.into_iter().map(|field| (field.name.clone(), field)).collect();
    ObjectBuilder::new(name, fields).description(Some(docs.to_owned())).rust_typename(rust).build()
}

/// A field from its name, type and description.
pub(super) fn plain_field(name: &str, ty: String, docs: &str) -> MetaField {
    let mut field = MetaField::new(name, ty);
    field.description = Some(docs.to_owned());
    field
}

/// An argument of a field, described.
pub(super) fn argument(name: &str, ty: String, description: &str) -> (String, MetaInputValue) {
    let mut argument = MetaInputValue::new(name, ty);
    argument.description = Some(description.to_owned());
    (name.to_owned(), argument)
}

fn meta(field: &Field, registry: &mut Registry) -> MetaField {
    let mut meta = plain_field(&field.name, (field.register)(registry), &field.docs);
    meta.args = arguments(&field.source, registry).into_iter().collect();
    if let Some(reason) = field.deprecated {
        meta.deprecation = Deprecation::Deprecated { reason: Some(reason.to_owned()) };
    }
    meta
}

fn arguments(source: &Source, registry: &mut Registry) -> Vec<(String, MetaInputValue)> {
    match source {
        Source::Row { find: Find::Id, .. } | Source::Node => {
            vec![argument("id", <ID as InputType>::create_type_info(registry), "Its id 标识.")]
        }
        Source::Row { find: Find::Text(column), .. } => {
            let ty = <String as InputType>::create_type_info(registry);
            vec![argument(&camel(column.name), ty, "Exactly as it is written 完全一致.")]
        }
        Source::Nodes => {
            let ty = <Vec<ID> as InputType>::create_type_info(registry);
            vec![argument("ids", ty, "Their ids, at most 100 标识列表.")]
        }
        Source::Connection { rows, .. } => super::connection::arguments(rows, registry),
        Source::Groups(groups) => {
            let filter = groups.rows.filter;
            filter
                .map(|filter| argument("filter", (filter.register)(registry), "Which rows 筛选条件."))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The interface of every record that has an id of its own.
pub(super) fn interface(registry: &mut Registry) {
    if registry.types.contains_key(NODE) {
        return;
    }
    let id = <ID as OutputType>::create_type_info(registry);
    let id = plain_field("id", id, "The id, the same for as long as the record exists 全局标识.");
    let interface = MetaType::Interface {
        name: NODE.to_owned(),
        description: Some("A record with an id of its own 有全局标识的记录.".to_owned()),
        fields: [(id.name.clone(), id)].into_iter().collect(),
        possible_types: async_graphql::indexmap::IndexSet::default(),
        extends: false,
        keys: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    registry.types.insert(NODE.to_owned(), interface);
}
