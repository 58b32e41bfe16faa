//! The only place that touches the table of signing keys.

use entity::signing_key::{Column, Entity, KeyState, Model};
use sea_orm::{ActiveEnum as _, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Query};

use crate::{error::Result, platform::db::Write};

/// The keys whose tokens are believed, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn believed(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::State.ne(KeyState::Retired)).order_by_asc(Column::Id).all(db).await?)
}

/// Moves the key that stands at `from` on to `to`. A retired key forgets its private half.
///
/// # Errors
/// When another key stands there.
pub async fn move_on(write: &Write, from: KeyState, to: KeyState) -> Result<()> {
    let mut update = Query::update();
    update.table(Entity).value(Column::State, to.to_value()).and_where(Column::State.eq(from));
    if to == KeyState::Retired {
        update.value(Column::SealedPrivateKey, None::<String>);
    }
    write.execute(&update).await.map(drop)
}
