//! What a request asks of one object: the fields of its selections, merged by response key, in the order of the
//! document, fragments and `@skip`/`@include` followed.

use async_graphql::{
    Context, Positioned, QueryPathSegment, Value,
    context::QueryEnv,
    parser::types::{Directive, Field, OperationType, Selection, SelectionSet},
    registry::{MetaType, MetaTypeName, Registry},
};

/// Fields under one response key: the same field, asked for once or more.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) key: &'a str,
    pub(super) fields: Vec<&'a Positioned<Field>>,
}

impl<'a> Asked<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.fields.first().map_or("", |field| field.node.name.node.as_str())
    }

    /// What is asked of the object that this field gives.
    pub(super) fn selections(&self) -> Vec<&'a SelectionSet> {
        self.fields.iter().map(|field| &field.node.selection_set.node).collect()
    }
}

/// The fields that selections ask of an object for which `applies` says whether a fragment is meant.
pub(super) fn collect<'a>(
    env: &'a QueryEnv,
    selections: &[&'a SelectionSet],
    applies: &dyn Fn(&str) -> bool,
) -> Vec<Asked<'a>> {
    let mut collector = Collector { env, applies, asked: Vec::new(), visited: Vec::new() };
    for selection in selections {
        collector.add(selection);
    }
    collector.asked
}

struct Collector<'a, 'f> {
    env: &'a QueryEnv,
    applies: &'f dyn Fn(&str) -> bool,
    asked: Vec<Asked<'a>>,
    visited: Vec<&'a str>,
}

impl<'a> Collector<'a, '_> {
    fn add(&mut self, selections: &'a SelectionSet) {
        for selection in &selections.items {
            if is_skipped(self.env, selection.node.directives()) {
                continue;
            }
            match &selection.node {
                Selection::Field(field) => self.add_field(field),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.env.fragments.get(name) else { continue };
                    if !self.visited.contains(&name.as_str())
                        && (self.applies)(&fragment.node.type_condition.node.on.node)
                    {
                        self.visited.push(name);
                        self.add(&fragment.node.selection_set.node);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    if condition.is_none_or(|condition| (self.applies)(&condition.node.on.node)) {
                        self.add(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn add_field(&mut self, field: &'a Positioned<Field>) {
        let key = field.node.response_key().node.as_str();
        match self.asked.iter_mut().find(|asked| asked.key == key) {
            Some(asked) => asked.fields.push(field),
            None => self.asked.push(Asked { key, fields: vec![field] }),
        }
    }
}

/// async-graphql takes skipped selections out before it executes; a cached document still has them.
fn is_skipped(env: &QueryEnv, directives: &[Positioned<Directive>]) -> bool {
    directives.iter().any(|directive| {
        let wanted = match directive.node.name.node.as_str() {
            "skip" => false,
            "include" => true,
            _ => return false,
        };
        let condition = directive.node.get_argument("if").map(|value| value.node.clone());
        let value = condition.and_then(|value| value.into_const_with(|name| variable(env, &name)).ok());
        value != Some(Value::Boolean(wanted))
    })
}

fn variable(env: &QueryEnv, name: &str) -> Result<Value, ()> {
    if let Some(value) = env.variables.get(name) {
        return Ok(value.clone());
    }
    let mut definitions = env.operation.node.variable_definitions.iter();
    let definition = definitions.find(|definition| definition.node.name.node == name).ok_or(())?;
    definition.node.default_value.as_ref().map(|value| value.node.clone()).ok_or(())
}

/// The field being resolved together with every other field at the same place of the response: async-graphql calls a
/// resolver once for each, and results that are JSON already cannot be merged afterwards. The first one answers for all.
pub(super) fn at_place<'a>(ctx: &Context<'a>) -> Vec<&'a Positioned<Field>> {
    let (env, registry): (&QueryEnv, &Registry) = (ctx.query_env, &ctx.schema_env.registry);
    let mut path = Vec::new();
    let node = ctx.path_node;
    let nodes = node.iter().chain(node.iter().flat_map(|node| node.parents()));
    for node in nodes {
        if let QueryPathSegment::Name(name) = node.segment {
            path.push(name);
        }
    }
    let operation = &env.operation.node;
    let root = match operation.ty {
        OperationType::Query => Some(registry.query_type.as_str()),
        OperationType::Mutation => registry.mutation_type.as_deref(),
        OperationType::Subscription => registry.subscription_type.as_deref(),
    };
    let mut selections = vec![&operation.selection_set.node];
    let mut fields = vec![ctx.item];
    let mut type_name = root.unwrap_or_default();
    for key in path.into_iter().rev() {
        let applies = |condition: &str| may_be(registry, type_name, condition);
        let asked = collect(env, &selections, &applies).into_iter().find(|asked| asked.key == key);
        let Some(asked) = asked else { return vec![ctx.item] };
        let parent = registry.types.get(type_name);
        let field = parent.and_then(|parent| parent.field_by_name(asked.name()));
        type_name = field.map_or("", |field| MetaTypeName::concrete_typename(&field.ty));
        selections = asked.selections();
        fields = asked.fields;
    }
    fields
}

fn may_be(registry: &Registry, type_name: &str, condition: &str) -> bool {
    let is_abstract = registry.types.get(type_name).is_none_or(MetaType::is_abstract);
    type_name == condition
        || is_abstract
        || registry.implements.get(type_name).is_some_and(|interfaces| interfaces.contains(condition))
}
