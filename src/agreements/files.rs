//! Files of agreements and of what belongs to them: scans and attachments for the parties that sign and not for
//! witnesses, and what shows that an item was done for whoever sees the item.

use entity::{Record, agreement, agreement_party, agreement_party::PartyRole, amendment, cooperation_item, document};
use sea_orm::{ColumnTrait, Condition, prelude::async_trait::async_trait};
use uuid::Uuid;

use super::{amendments, items, rules, store};
use crate::{
    auth::Actor,
    documents::{Attach, attachable},
    error::Result,
    platform::{
        condition::exists,
        db::{Tx, Write},
    },
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

    fn seen_with(&self, actor: &Actor) -> Condition {
        let signed = store::visible_to(actor).add(signed_by(agreement::Column::Id, actor));
        exists(agreement::Column::Id, document::Column::RecordId, signed)
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

    fn seen_with(&self, actor: &Actor) -> Condition {
        let seen = Condition::all().add(amendments::store::visible_to(actor));
        let of_parties = seen.add(signed_by(amendment::Column::AgreementId, actor));
        exists(amendment::Column::Id, document::Column::RecordId, of_parties)
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

    fn seen_with(&self, actor: &Actor) -> Condition {
        items::store::seen_with(document::Column::RecordId, actor)
    }
}

/// Whether the agreement that a column names binds the actor's organization.
fn signed_by(agreement: impl ColumnTrait, actor: &Actor) -> Condition {
    let binding = Condition::all()
        .add(agreement_party::Column::OrganizationId.eq(actor.organization()))
        .add(agreement_party::Column::Role.eq(PartyRole::Required));
    exists(agreement_party::Column::AgreementId, agreement, binding)
}
