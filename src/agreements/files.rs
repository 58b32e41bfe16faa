//! Files of agreements: scans and attachments, for the parties that sign and not for witnesses.

use entity::{Record, agreement, agreement_party, agreement_party::PartyRole};
use sea_orm::{
    ColumnTrait,
    prelude::async_trait::async_trait,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::{rules::Action, store};
use crate::{
    auth::Actor,
    documents::Attach,
    error::Result,
    platform::db::{Tx, Write},
};

/// Lets files be attached to agreements.
#[derive(Clone, Copy, Debug)]
pub struct AgreementFiles;

#[async_trait]
impl Attach for AgreementFiles {
    fn kind(&self) -> &'static str {
        agreement::Entity::PREFIX
    }

    async fn permit(&self, tx: &Tx, actor: &Actor, record: Uuid) -> Result<Write> {
        let facts = store::facts(tx, actor, record).await?;
        tx.permit(actor, Action::Attach, &facts).await
    }

    fn visible_ids(&self, actor: &Actor) -> SelectStatement {
        let signing = Query::select()
            .column(agreement_party::Column::AgreementId)
            .from(agreement_party::Entity)
            .and_where(agreement_party::Column::OrganizationId.eq(actor.organization()))
            .and_where(agreement_party::Column::Role.eq(PartyRole::Required))
            .take();
        store::visible_ids(actor).and_where(agreement::Column::Id.in_subquery(signing)).take()
    }
}
