//! The trail as clients see it.

use async_graphql::ID;
use entity::{event, membership::Role};

use super::store;
use crate::{
    graphql::{DateTime, column, one},
    identity::graphql::Person,
    organizations::graphql::Organization,
    view,
};

view! {
    /// Something that happened to a record 办理记录. Seen with the record.
    pub Event of event, seen by store::visible_to;

    /// The id 标识.
    id: ID = column(Id);
    /// What happened, in the past tense: AgreementApproved 事件.
    kind: String = column(Kind);
    /// When 时间.
    at: DateTime = column(At);
    /// 1 for the record's first event 序号.
    link: i32 = column(Link);
    /// The permit under which it was done: agreement.approve 操作.
    action: String = column(Action);
    /// The role in which it was done; null for the system 角色.
    role: Option<Role> = column(Role);
    /// The organization for which it was done; null for the system 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// The person; for the people of the own organization only 办理人.
    user: Option<Person> = one(UserId).only_if(store::person_visible_to);
    /// Ids, statuses and dates, as a flat JSON object of texts 附加信息.
    data: String = column(Data);
    /// SHA-256 over this entry and the one before it 链式哈希.
    hash: String = column(Hash);
}
