//! The roots of the API: what fails at one field of an operation is null there, and takes no other field with it.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerError, ServerResult, Value,
    parser::types::Field, registry::Registry, resolver_utils::resolve_container,
};

use super::Caller;
use crate::error::Error;

/// A root type whose nullable fields are null where they fail, and of whose fields only those are open to a
/// service account that its scopes name. async-graphql itself hands the error of a resolver on to
/// the parent, which would be the whole answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Root<T>(T);

impl<T: ObjectType> OutputType for Root<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl<T: ObjectType> ContainerType for Root<T> {
    fn is_empty() -> bool {
        T::is_empty()
    }

    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let field = &*ctx.item.node.name.node;
        if Caller::of(ctx).actor.as_ref().is_some_and(|actor| !actor.may_ask(field)) {
            let refused = async_graphql::Error::from(Error::forbidden()).into_server_error(ctx.item.pos);
            return Self::refused(ctx, refused);
        }
        match self.0.resolve_field(ctx).await {
            Err(error) => Self::refused(ctx, error),
            answer => answer,
        }
    }
}

impl<T: ObjectType> Root<T> {
    /// Null where the field may be null, with the error beside it.
    fn refused(ctx: &Context<'_>, error: ServerError) -> ServerResult<Option<Value>> {
        let error = if error.path.is_empty() { ctx.set_error_path(error) } else { error };
        if !may_be_null::<T>(ctx) {
            return Err(error);
        }
        ctx.add_error(error);
        Ok(Some(Value::Null))
    }
}

impl<T: ObjectType> ObjectType for Root<T> {}

fn may_be_null<T: ObjectType>(ctx: &Context<'_>) -> bool {
    let root = ctx.schema_env.registry.types.get(&*T::type_name());
    let field = root.and_then(|root| root.field_by_name(&ctx.item.node.name.node));
    field.is_some_and(|field| !field.ty.ends_with('!'))
}
