//! The rows of agreements that name an organization.

use entity::{
    agreement,
    agreement_party::{self, Column as Party, PartyRole},
    cooperation_item::{self, Column as Item, ItemStatus},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use crate::{
    error::Result,
    organizations::merge::Merging,
    platform::db::{Tx, Write},
};

/// An agreement that names the duplicate.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// The row.
    pub(super) agreement: agreement::Model,
    /// Whether it names the organization that stays, too.
    pub(super) both: bool,
}

/// The agreements that name the duplicate, locked until the transaction ends.
pub(super) async fn named(tx: &Tx, merging: Merging) -> Result<Vec<Named>> {
    let ids = naming(tx, merging.from).await?;
    let others = naming(tx, merging.into).await?;
    let rows = agreement::Entity::find()
        .filter(agreement::Column::Id.is_in(ids))
        .order_by_asc(agreement::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|agreement| Named { both: others.contains(&agreement.id), agreement }).collect())
}

async fn naming(tx: &Tx, organization: Uuid) -> Result<Vec<Uuid>> {
    let rows = agreement_party::Entity::find().select_only().column(Party::AgreementId);
    Ok(rows.filter(Party::OrganizationId.eq(organization)).into_tuple().all(tx).await?)
}

/// The keys of the parties that sign.
pub(super) async fn required(tx: &Tx, agreement: Uuid) -> Result<Vec<Uuid>> {
    let rows = agreement_party::Entity::find()
        .select_only()
        .column(Party::OrganizationId)
        .filter(Party::AgreementId.eq(agreement))
        .filter(Party::Role.eq(PartyRole::Required));
    Ok(rows.into_tuple().all(tx).await?)
}

/// How many items of these agreements are reported done and wait to be accepted.
pub(super) async fn submitted_items(tx: &Tx, agreements: &[Uuid]) -> Result<usize> {
    let rows = cooperation_item::Entity::find()
        .filter(Item::AgreementId.is_in(agreements.iter().copied()))
        .filter(Item::Status.eq(ItemStatus::Submitted));
    Ok(usize::try_from(rows.count(tx).await?).unwrap_or(usize::MAX))
}

/// The items of these agreements that the organization does or accepted. Whoever holds an agreement's row holds them.
pub(super) async fn items(tx: &Tx, agreements: &[Uuid], organization: Uuid) -> Result<Vec<cooperation_item::Model>> {
    let concerned = Condition::any().add(Item::ResponsibleId.eq(organization)).add(Item::AcceptedById.eq(organization));
    let rows = cooperation_item::Entity::find()
        .filter(Item::AgreementId.is_in(agreements.iter().copied()))
        .filter(concerned)
        .order_by_asc(Item::Id);
    Ok(rows.all(tx).await?)
}

/// The party of these agreements is the organization that stays.
pub(super) async fn move_parties(write: &Write, agreements: &[Uuid], merging: Merging) -> Result<()> {
    let update = Query::update()
        .table(agreement_party::Entity)
        .value(Party::OrganizationId, merging.into)
        .and_where(Party::OrganizationId.eq(merging.from))
        .and_where(Party::AgreementId.is_in(agreements.iter().copied()))
        .take();
    write.execute(&update).await.map(drop)
}
