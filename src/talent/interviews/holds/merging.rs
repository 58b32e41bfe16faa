//! What becomes of the rooms of an enterprise that is merged into another: they are the other's, unless one of the same
//! name is held in both at one time.

use sea_orm::prelude::async_trait::async_trait;

use super::store;
use crate::{
    error::{Result, Text},
    organizations::merge::{Mergeable, Merging, Obstacle, Weight},
    platform::db::{Tx, Write},
};

/// The rooms in which enterprises interview on site, for merges of these.
#[derive(Debug)]
pub struct Rooms;

#[async_trait]
impl Mergeable for Rooms {
    async fn weigh(&self, tx: &Tx, merging: Merging) -> Result<Weight> {
        let mut weight = Weight::default();
        if store::rooms_held_twice(tx, merging).await? > 0 {
            weight.obstacles.push(Obstacle::new(Text::new(
                "Both organizations interview in a room of the same name at one time; cancel the duplicate's session first.",
                "两个单位在同一时间占用同名面试房间，请先取消重复单位的面试场次。",
            )));
        }
        Ok(weight)
    }

    async fn carry_over(&self, write: &Write, merging: Merging) -> Result<()> {
        store::move_rooms(write, merging).await
    }
}
