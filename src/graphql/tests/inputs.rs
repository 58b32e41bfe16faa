//! Filters and orders of the test world's lists.

use async_graphql::{Enum, InputObject};
use entity::{
    agreement, cooperation_item,
    organization::{self, OrganizationKind},
};
use sea_orm::Condition;

use crate::{
    graphql::{Between, Date, DateTime, Filter, OneOf, OrderField, filter},
    platform::id::Id,
};

/// Which organizations.
#[derive(Clone, Debug, InputObject)]
pub(super) struct OrganizationFilter {
    /// By kind.
    kind: Option<OneOf<OrganizationKind>>,
    /// By id.
    id: Option<OneOf<Id<organization::Entity>>>,
    /// By name.
    search: Option<String>,
    /// By when they were verified.
    verified_at: Option<Between<DateTime>>,
}

impl Filter<organization::Entity> for OrganizationFilter {
    fn condition(&self) -> Condition {
        filter::all([
            self.kind.as_ref().map(|kind| kind.on(organization::Column::Kind)),
            self.id.as_ref().map(|id| id.on(organization::Column::Id)),
            self.search
                .as_ref()
                .map(|text| filter::contains([organization::Column::Name, organization::Column::NameEn], text)),
            self.verified_at.as_ref().map(|at| at.on(organization::Column::VerifiedAt)),
        ])
    }
}

/// Which agreements.
#[derive(Clone, Debug, InputObject)]
pub(super) struct AgreementFilter {
    /// By status.
    status: Option<OneOf<agreement::AgreementStatus>>,
    /// By county.
    county: Option<OneOf<Id<organization::Entity>>>,
    /// By last day.
    ends_on: Option<Between<Date>>,
}

impl Filter<agreement::Entity> for AgreementFilter {
    fn condition(&self) -> Condition {
        filter::all([
            self.status.as_ref().map(|status| status.on(agreement::Column::Status)),
            self.county.as_ref().map(|county| county.on(agreement::Column::CountyId)),
            self.ends_on.as_ref().map(|ends_on| ends_on.on(agreement::Column::EndsOn)),
        ])
    }
}

/// Which items.
#[derive(Clone, Debug, InputObject)]
pub(super) struct ItemFilter {
    /// By status.
    status: Option<OneOf<cooperation_item::ItemStatus>>,
}

impl Filter<cooperation_item::Entity> for ItemFilter {
    fn condition(&self) -> Condition {
        filter::all([self.status.as_ref().map(|status| status.on(cooperation_item::Column::Status))])
    }
}

/// What organizations are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "OrganizationOrderField")]
pub(super) enum OrganizationOrder {
    /// Name.
    Name,
    /// Size.
    StaffCount,
    /// Since when.
    VerifiedAt,
    /// Code.
    CreditCode,
}

impl OrderField<organization::Entity> for OrganizationOrder {
    fn column(self) -> organization::Column {
        match self {
            Self::Name => organization::Column::Name,
            Self::StaffCount => organization::Column::StaffCount,
            Self::VerifiedAt => organization::Column::VerifiedAt,
            Self::CreditCode => organization::Column::CreditCode,
        }
    }
}

/// What agreements are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "AgreementOrderField")]
pub(super) enum AgreementOrder {
    /// Number.
    Number,
    /// First day.
    StartsOn,
    /// Last day.
    EndsOn,
}

impl OrderField<agreement::Entity> for AgreementOrder {
    fn column(self) -> agreement::Column {
        match self {
            Self::Number => agreement::Column::Number,
            Self::StartsOn => agreement::Column::StartsOn,
            Self::EndsOn => agreement::Column::EndsOn,
        }
    }
}

/// What items are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "ItemOrderField")]
pub(super) enum ItemOrder {
    /// Date.
    DueOn,
    /// Target.
    Target,
}

impl OrderField<cooperation_item::Entity> for ItemOrder {
    fn column(self) -> cooperation_item::Column {
        match self {
            Self::DueOn => cooperation_item::Column::DueOn,
            Self::Target => cooperation_item::Column::Target,
        }
    }
}
