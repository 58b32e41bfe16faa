//! People as records name them: who signed, who reviewed, who is responsible.

use async_graphql::ID;
use entity::user;
use sea_orm::Condition;

use crate::{auth::Actor, graphql::column, view};

/// Somebody named in a record is seen with it, by name only. Nothing leads here but such records: there is no query for
/// it and `node` does not find it.
fn with_the_record(_: &Actor) -> Condition {
    Condition::all()
}

view! {
    /// A person named in a record that you see 人员: by name only.
    pub Person of user, seen by with_the_record;

    /// The id 标识.
    id: ID = column(Id);
    /// The name 姓名.
    display_name: String = column(DisplayName);
}
