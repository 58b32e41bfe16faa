//! What stands at the end of a path: values that one column holds, and values that a rule works out.

use async_graphql::{
    ContainerType, Context, EnumType, ID, OutputType, Positioned, ServerError, parser::types::Field, registry::Registry,
};
use entity::Record;
use futures_util::FutureExt;
use sea_orm::ActiveEnum;

use super::{
    json,
    scalars::{BigInt, CreditCode, Date, DateTime, Money, RegionCode, Url},
};
use crate::{
    error::{Error, Locale, Result},
    platform::id::{self, Id},
};

/// How a column is read and written.
#[derive(Debug)]
pub(super) enum Kind {
    /// Text as it is.
    Text,
    /// A whole number that JSON can hold.
    Int,
    /// A whole number as text: money and others that may pass what JSON can hold.
    Long,
    Flag,
    /// A key, shown as a TypeID with this prefix.
    Key(&'static str),
    /// One of a few words: as the database has it, as the API has it.
    Word(Vec<(String, &'static str)>),
    Date,
    Time,
}

/// A type that one column can hold. `M` only tells the compiler scalars and enums apart; never write it.
pub trait Leaf<M>: OutputType + 'static {
    #[doc(hidden)]
    fn kind() -> LeafKind;
}

/// Keeps how a column is read out of the public API.
#[derive(Debug)]
pub struct LeafKind(pub(super) Kind);

/// The marker of scalars.
#[derive(Debug)]
pub struct Scalar;
/// The marker of enums.
#[derive(Debug)]
pub struct Word;

macro_rules! leaf {
    ($($type:ty: $kind:ident),* $(,)?) => {
        $(impl Leaf<Scalar> for $type {
            fn kind() -> LeafKind {
                LeafKind(Kind::$kind)
            }
        })*
    };
}

leaf! {
    String: Text, Url: Text, RegionCode: Text, CreditCode: Text, Locale: Text,
    i32: Int, bool: Flag, Money: Long, BigInt: Long, Date: Date, DateTime: Time,
}

impl<T: Record + 'static> Leaf<Scalar> for Id<T> {
    fn kind() -> LeafKind {
        LeafKind(Kind::Key(T::PREFIX))
    }
}

impl<T: EnumType + OutputType + ActiveEnum<Value = String>> Leaf<Word> for T {
    fn kind() -> LeafKind {
        let words = T::items().iter().map(|item| (item.value.to_value(), item.name));
        LeafKind(Kind::Word(words.collect()))
    }
}

/// Where a value that a rule worked out is written: its field, for the members that were asked for.
pub struct Place<'a> {
    pub(super) ctx: &'a Context<'a>,
    pub(super) field: &'a Positioned<Field>,
}

/// A type that a rule may work out: what a column can hold, enums, small `SimpleObject`s, options and lists of them.
pub trait Written<M>: Send + Sync {
    /// Whether it may be missing.
    const NULL: bool = false;

    /// Tells the schema of the type and gives its name.
    fn register(registry: &mut Registry) -> String;

    /// Writes the value.
    ///
    /// # Errors
    /// When an object's own field fails.
    fn write(&self, place: &Place<'_>, out: &mut String) -> Result<()>;
}

/// The marker of values without members.
#[derive(Debug)]
pub struct Plain<M>(M);
/// The marker of objects.
#[derive(Debug)]
pub struct Members;
/// The marker of what may be missing.
#[derive(Debug)]
pub struct Maybe<M>(M);
/// The marker of lists.
#[derive(Debug)]
pub struct Several<M>(M);

macro_rules! written {
    ($($type:ty: |$value:ident, $out:ident| $write:expr;)*) => {
        $(impl Written<Plain<Scalar>> for $type {
            fn register(registry: &mut Registry) -> String {
                <Self as OutputType>::create_type_info(registry)
            }

            fn write(&self, _: &Place<'_>, $out: &mut String) -> Result<()> {
                let $value = self;
                $write;
                Ok(())
            }
        })*
    };
}

written! {
    String: |value, out| json::push_text(out, value);
    i32: |value, out| json::push_integer(out, i64::from(*value));
    bool: |value, out| out.push_str(if *value { "true" } else { "false" });
    ID: |value, out| json::push_text(out, value);
    Url: |value, out| json::push_text(out, &value.0);
    RegionCode: |value, out| json::push_text(out, &value.0);
    CreditCode: |value, out| json::push_text(out, &value.0);
    Money: |value, out| json::push_value(out, &async_graphql::ScalarType::to_value(value));
    BigInt: |value, out| json::push_value(out, &async_graphql::ScalarType::to_value(value));
    Date: |value, out| json::push_value(out, &async_graphql::ScalarType::to_value(value));
    DateTime: |value, out| json::push_value(out, &async_graphql::ScalarType::to_value(value));
    Locale: |value, out| json::push_value(out, &async_graphql::ScalarType::to_value(value));
}

impl<T: Record + 'static> Written<Plain<Scalar>> for Id<T> {
    fn register(registry: &mut Registry) -> String {
        <Self as OutputType>::create_type_info(registry)
    }

    fn write(&self, _: &Place<'_>, out: &mut String) -> Result<()> {
        out.push('"');
        id::push(out, T::PREFIX, self.key());
        out.push('"');
        Ok(())
    }
}

impl<T: EnumType + OutputType> Written<Word> for T {
    fn register(registry: &mut Registry) -> String {
        <Self as OutputType>::create_type_info(registry)
    }

    fn write(&self, _: &Place<'_>, out: &mut String) -> Result<()> {
        let item = T::items().iter().find(|item| item.value == *self);
        json::push_text(out, item.map_or("", |item| item.name));
        Ok(())
    }
}

impl<T: ContainerType> Written<Members> for T {
    fn register(registry: &mut Registry) -> String {
        <Self as OutputType>::create_type_info(registry)
    }

    fn write(&self, place: &Place<'_>, out: &mut String) -> Result<()> {
        let ctx = place.ctx.with_selection_set(&place.field.node.selection_set);
        let value = OutputType::resolve(self, &ctx, place.field).now_or_never();
        let waits = || Error::internal("a computed object waits for something");
        json::push_value(out, &value.ok_or_else(waits)?.map_err(own_error)?);
        Ok(())
    }
}

fn own_error(error: ServerError) -> Error {
    error.source::<Error>().cloned().unwrap_or_else(|| Error::internal(error.message))
}

impl<T: Written<M>, M> Written<Maybe<M>> for Option<T> {
    const NULL: bool = true;

    fn register(registry: &mut Registry) -> String {
        let name = T::register(registry);
        name.strip_suffix('!').map_or(name.clone(), str::to_owned)
    }

    fn write(&self, place: &Place<'_>, out: &mut String) -> Result<()> {
        if let Some(value) = self {
            return value.write(place, out);
        }
        out.push_str("null");
        Ok(())
    }
}

impl<T: Written<M>, M> Written<Several<M>> for Vec<T> {
    fn register(registry: &mut Registry) -> String {
        format!("[{}]!", T::register(registry))
    }

    fn write(&self, place: &Place<'_>, out: &mut String) -> Result<()> {
        out.push('[');
        for (index, value) in self.iter().enumerate() {
            json::separate(out, index);
            value.write(place, out)?;
        }
        out.push(']');
        Ok(())
    }
}
