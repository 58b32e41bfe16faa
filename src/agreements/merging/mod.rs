//! What becomes of agreements when one of the parties is merged into another organization.
//!
//! Texts that were frozen, reviews and signatures name who decided then, and stay as they are. So an agreement that is
//! under way or in force forbids the merge: its parties would no longer be those who sign and signed. A draft binds
//! nobody, and its party is the organization that stays from then on. An agreement that has ended goes with its people,
//! who go on reading it; what was reported done under it is still another party's to accept, never the own one's.

mod store;

use entity::{
    Record as _,
    agreement::{self, AgreementStatus as Status},
    cooperation_item,
};
use sea_orm::{ActiveValue::Set, prelude::async_trait::async_trait};
use uuid::Uuid;

use self::store::Named;
use super::{content::party_set, facts::ENDED, items, rules};
use crate::{
    error::{Result, Text},
    organizations::merge::{Effect, Mergeable, Merging, Obstacle, Weight},
    platform::{
        db::{Tx, Write},
        event::Event,
    },
};

/// The parties of agreements, for merges of organizations.
#[derive(Debug)]
pub struct AgreementParties;

#[async_trait]
impl Mergeable for AgreementParties {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let named = store::named(tx, merging).await?;
        let moving: Vec<Uuid> = named.iter().filter(|named| !named.both).map(|named| named.agreement.id).collect();
        let mut weight = Weight::default();
        weight.obstacles.extend(under_way(&named));
        weight.obstacles.extend(drafts_with_both(&named));
        let both: Vec<Uuid> = named.iter().filter(|named| named.both).map(|named| named.agreement.id).collect();
        weight.obstacles.extend(to_accept(store::submitted_items(tx, &both).await?));
        weight.add(agreement::Entity::PREFIX, Effect::Moves, moving.len());
        let items = store::items(tx, &moving, merging.from).await?;
        weight.add(cooperation_item::Entity::PREFIX, Effect::Moves, items.len());
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        let moving: Vec<Named> =
            store::named(write.tx(), merging).await?.into_iter().filter(|named| !named.both).collect();
        let ids: Vec<Uuid> = moving.iter().map(|named| named.agreement.id).collect();
        store::move_parties(write, &ids, merging).await?;
        for named in moving {
            move_agreement(write, &named.agreement, merging).await?;
        }
        for item in store::items(write.tx(), &ids, merging.from).await? {
            move_item(write, &item, merging).await?;
        }
        Ok(())
    }
}

fn moved(merging: Merging) -> Event {
    Event::new("AgreementPartyMerged").with("from", merging.from).with("into", merging.into)
}

async fn move_agreement(write: &Write, row: &agreement::Model, merging: Merging) -> Result<()> {
    let follow = |key: Uuid| if key == merging.from { merging.into } else { key };
    let changes = agreement::ActiveModel {
        drafted_by_id: Set(follow(row.drafted_by_id)),
        county_id: Set(follow(row.county_id)),
        party_set: Set(party_set(store::required(write.tx(), row.id).await?)),
        ..Default::default()
    };
    write.change::<agreement::Entity>(row.id, row.version, changes).await?;
    write.emit_for(rules::record(row.id), moved(merging)).await
}

async fn move_item(write: &Write, row: &cooperation_item::Model, merging: Merging) -> Result<()> {
    let follow = |key: Uuid| if key == merging.from { merging.into } else { key };
    let changes = cooperation_item::ActiveModel {
        responsible_id: Set(follow(row.responsible_id)),
        accepted_by_id: Set(row.accepted_by_id.map(follow)),
        ..Default::default()
    };
    write.change::<cooperation_item::Entity>(row.id, row.version, changes).await?;
    write.emit_for(items::rules::record(row.id), moved(merging)).await
}

/// Neither a draft nor ended: every party must still sign, or has signed, the very text that names the duplicate.
fn under_way(named: &[Named]) -> Option<Obstacle> {
    let is_under_way =
        |named: &&Named| named.agreement.status != Status::Draft && !ENDED.contains(&named.agreement.status);
    let count = named.iter().filter(is_under_way).count();
    (count > 0).then(|| {
        Obstacle::new(Text::new(
            format!("It is a party of {count} agreements under way or in force; bring them to an end first."),
            format!("该单位是 {count} 份在办或履行中协议的当事方，请先办结。"),
        ))
    })
}

fn drafts_with_both(named: &[Named]) -> Option<Obstacle> {
    let count = named.iter().filter(|named| named.both && named.agreement.status == Status::Draft).count();
    (count > 0).then(|| {
        Obstacle::new(Text::new(
            format!("{count} drafts name both organizations; take one of the two out first."),
            format!("有 {count} 份协议草稿同时列有两个单位，请先删去其一。"),
        ))
    })
}

/// One of the two would accept what the other, the same from then on, did.
fn to_accept(count: usize) -> Option<Obstacle> {
    (count > 0).then(|| {
        Obstacle::new(Text::new(
            format!("{count} items of agreements between the two wait to be accepted."),
            format!("两单位之间的协议尚有 {count} 个事项待验收。"),
        ))
    })
}
