//! Files of agreements and of what belongs to them: scans and attachments for the parties that sign and not for
//! witnesses, and what shows that an item was done for whoever sees the item.

use entity::{Record, agreement, agreement_party, agreement_party::PartyRole, amendment, cooperation_item};
use sea_orm::{
    ColumnTrait,
    prelude::async_trait::async_trait,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::{amendments, items, rules, store};
use crate::{
    auth::Actor,
    documents::{Attach, attachable},
    error::Result,
    platform::db::{Tx, Write},
};

/// Lets files be attached to agreements, amendments and items.
pub fn attach_files() {
    attachable(&AgreementFiles);
    attachable(&AmendmentFiles);
    attachable(&ItemFiles);
}

#[derive(Clone, Copy, Debug)]
struct AgreementFiles;

#[async_trait]
impl Attach for AgreementFiles {
    fn kind(&self) -> &'static str {
        agreement::Entity::PREFIX
    }

    async fn permit(&self, tx: &Tx, actor: &Actor, record: Uuid) -> Result<Write> {
        let facts = store::facts(tx, actor, record).await?;
        tx.permit(actor, rules::Action::Attach, &facts).await
    }

    fn visible_ids(&self, actor: &Actor) -> SelectStatement {
        store::visible_ids(actor).and_where(agreement::Column::Id.in_subquery(signed_by(actor))).take()
    }
}

#[derive(Clone, Copy, Debug)]
struct AmendmentFiles;

#[async_trait]
impl Attach for AmendmentFiles {
    fn kind(&self) -> &'static str {
        amendment::Entity::PREFIX
    }

    async fn permit(&self, tx: &Tx, actor: &Actor, record: Uuid) -> Result<Write> {
        let facts = amendments::store::facts(tx, actor, record).await?;
        tx.permit(actor, amendments::rules::Action::Attach, &facts).await
    }

    fn visible_ids(&self, actor: &Actor) -> SelectStatement {
        let of_parties = amendment::Column::AgreementId.in_subquery(signed_by(actor));
        amendments::store::visible_ids(actor).and_where(of_parties).take()
    }
}

#[derive(Clone, Copy, Debug)]
struct ItemFiles;

#[async_trait]
impl Attach for ItemFiles {
    fn kind(&self) -> &'static str {
        cooperation_item::Entity::PREFIX
    }

    async fn permit(&self, tx: &Tx, actor: &Actor, record: Uuid) -> Result<Write> {
        let facts = items::store::facts(tx, actor, record).await?;
        tx.permit(actor, items::rules::Action::Attach, &facts).await
    }

    fn visible_ids(&self, actor: &Actor) -> SelectStatement {
        items::store::visible_ids(actor)
    }
}

/// The agreements that bind the actor's organization.
fn signed_by(actor: &Actor) -> SelectStatement {
    Query::select()
        .column(agreement_party::Column::AgreementId)
        .from(agreement_party::Entity)
        .and_where(agreement_party::Column::OrganizationId.eq(actor.organization()))
        .and_where(agreement_party::Column::Role.eq(PartyRole::Required))
        .take()
}
