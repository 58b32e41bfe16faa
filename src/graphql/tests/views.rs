//! The views of the test world, over real tables, and a schema of them.

use std::collections::HashMap;

use async_graphql::{EmptySubscription, ID, MergedObject, Object, Schema};
use chrono::NaiveDate;
use entity::{
    agreement, agreement_party, cooperation_item,
    membership::{self, Role},
    organization::{self, OrganizationKind, OrganizationStatus, SizeClass},
    user,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter};
use uuid::Uuid;

use super::{
    inputs::{AgreementFilter, AgreementOrder, ItemFilter, ItemOrder, OrganizationFilter, OrganizationOrder},
    world::{People, actor},
};
use crate::{
    app::App,
    auth::Actor,
    error::{Code, Error, Problem, Result, Text},
    graphql::{
        BigInt, Caller, Connection, CreditCode, Date, DateTime, NodeQueries, Payload, RegionCode, Root, SeenBy, Url,
        View, all, asked, by_id, column, compute, facts, find, group_size, list_where, many, nested, one, own, through,
        view,
    },
    platform::{condition::exists, db::Db, id::Id},
};

/// Verified organizations are everybody's, others their members'.
fn organizations_seen_by(actor: &Actor) -> Condition {
    Condition::any()
        .add(organization::Column::Status.eq(OrganizationStatus::Verified))
        .add(organization::Column::Id.eq(actor.organization()))
}

fn users_seen_by(actor: &Actor) -> Condition {
    Condition::all().add(user::Column::Id.eq(actor.user()))
}

fn memberships_seen_by(actor: &Actor) -> Condition {
    Condition::all().add(membership::Column::OrganizationId.eq(actor.organization()))
}

/// Agreements are seen by their parties.
fn agreements_seen_by(actor: &Actor) -> Condition {
    let mut parties = sea_orm::sea_query::Query::select();
    parties.column(agreement_party::Column::AgreementId).from(agreement_party::Entity);
    parties.and_where(agreement_party::Column::OrganizationId.eq(actor.organization()));
    Condition::all().add(agreement::Column::Id.in_subquery(parties))
}

/// Parties are seen with their agreement.
fn parties_seen_by(actor: &Actor) -> Condition {
    exists(agreement::Column::Id, agreement_party::Column::AgreementId, agreements_seen_by(actor))
}

fn everyone(_: &Actor) -> Condition {
    Condition::all()
}

fn own_organization(actor: &Actor) -> Condition {
    Condition::all().add(organization::Column::Id.eq(actor.organization()))
}

fn drafted_by_us(actor: &Actor) -> Condition {
    Condition::all().add(agreement::Column::DraftedById.eq(actor.organization()))
}

fn mask_phone(phone: &str) -> String {
    let last = phone.len().saturating_sub(4);
    format!("{}****{}", &phone[..3], &phone[last..])
}

#[derive(Debug)]
pub(super) struct AgreementFacts {
    status: agreement::AgreementStatus,
    parties: usize,
}

async fn agreement_facts(db: &Db, _: &Actor, keys: &[Uuid]) -> Result<HashMap<Uuid, AgreementFacts>> {
    let db = db.reader();
    let rows = agreement::Entity::find().filter(agreement::Column::Id.is_in(keys.iter().copied())).all(db).await?;
    let parties = agreement_party::Entity::find();
    let parties = parties.filter(agreement_party::Column::AgreementId.is_in(keys.iter().copied())).all(db).await?;
    let facts = rows.into_iter().map(|row| {
        let parties = parties.iter().filter(|party| party.agreement_id == row.id).count();
        (row.id, AgreementFacts { status: row.status, parties })
    });
    Ok(facts.collect())
}

/// A small object that a rule works out.
#[derive(Clone, Debug, async_graphql::SimpleObject)]
pub(super) struct Quorum {
    /// How many parties.
    parties: i32,
    /// Whether that is enough.
    enough: bool,
}

fn open_steps(facts: &AgreementFacts, actor: &Actor) -> Vec<agreement::AgreementStep> {
    match facts.status {
        agreement::AgreementStatus::Draft if actor.side() == OrganizationKind::County => {
            vec![agreement::AgreementStep::Submit, agreement::AgreementStep::Cancel]
        }
        agreement::AgreementStatus::Draft => vec![agreement::AgreementStep::Submit],
        _ => Vec::new(),
    }
}

view! {
    /// An organization.
    pub(super) Organization of organization, seen by organizations_seen_by, is Node;

    /// Its id.
    id: ID = column(Id);
    /// What it is.
    kind: OrganizationKind = column(Kind);
    /// Above it.
    parent: Option<Organization> = one(ParentId);
    /// Above it, for its own members.
    own_parent: Option<Organization> = one(ParentId).only_if(own_organization);
    /// Its name.
    name: String = column(Name);
    /// Its name in English.
    name_en: Option<String> = column(NameEn);
    /// Its code.
    credit_code: CreditCode = column(CreditCode);
    /// Its region.
    region_code: Option<RegionCode> = column(RegionCode);
    /// Its size.
    size_class: Option<SizeClass> = column(SizeClass);
    /// Its address on the web.
    website: Option<Url> = column(Website);
    /// Whom to call.
    contact_phone: Option<String> = column(ContactPhone).only_if(own_organization).or_masked(mask_phone);
    /// What only members read.
    internal_note: Option<String> = column(InternalNote).only_if(own_organization);
    /// How many work there.
    staff_count: Option<i32> = column(StaffCount);
    /// As many, in long.
    #[deprecated = "Use staffCount; gone after 2027-01-01."]
    staff_total: Option<BigInt> = column(StaffCount);
    /// Where it stands.
    status: OrganizationStatus = column(Status);
    /// Since when.
    verified_at: Option<DateTime> = column(VerifiedAt);
    /// Rises with every change.
    version: i32 = column(Version);
    /// When it was made.
    created_at: DateTime = column(CreatedAt);
    /// Below it.
    children: Connection<Organization> = many(organization::Column::ParentId).order(organization::Column::Name, Order::Asc).filter::<OrganizationFilter>().order_by::<OrganizationOrder>();
    /// Its agreements.
    agreements: Connection<Agreement> = through(agreement_party::Column::OrganizationId, agreement_party::Column::AgreementId).order_by::<AgreementOrder>();
    /// Who works there.
    memberships: Vec<Membership> = many(membership::Column::OrganizationId).at_most(50);
    /// Its initials.
    initial: String = compute([Name], |(name,): (String,), _: &Actor| name.chars().take(1).collect::<String>());
}

view! {
    /// A person.
    pub(super) User of user, seen by users_seen_by, is Node;

    /// Its id.
    id: ID = column(Id);
    /// What it signs in with.
    login: String = column(Login);
    /// Its memberships.
    memberships: Connection<Membership> = many(membership::Column::UserId);
}

view! {
    /// A membership.
    pub(super) Membership of membership, seen by memberships_seen_by, is Node;

    /// Its id.
    id: ID = column(Id);
    /// The role.
    role: Role = column(Role);
    /// Who.
    user: Option<User> = one(UserId);
    /// Where.
    organization: Option<Organization> = one(OrganizationId);
    /// The organization's id.
    organization_id: Id<organization::Entity> = column(OrganizationId);
}

view! {
    /// An agreement.
    pub(super) Agreement of agreement, seen by agreements_seen_by, is Node;

    /// Its id.
    id: ID = column(Id);
    /// The number on its cover.
    number: String = column(Number);
    /// What it is about.
    kind: agreement::AgreementKind = column(Kind);
    /// Its title.
    title: String = column(Title);
    /// Where it stands.
    status: agreement::AgreementStatus = column(Status);
    /// Its first day.
    starts_on: Option<Date> = column(StartsOn);
    /// Its last day.
    ends_on: Date = column(EndsOn);
    /// The county.
    county: Option<Organization> = one(CountyId);
    /// Above it.
    parent: Option<Agreement> = one(ParentId);
    /// Who signs.
    parties: Vec<AgreementParty> = many(agreement_party::Column::AgreementId).order(agreement_party::Column::Position, Order::Asc).at_most(10);
    /// The organizations that sign.
    organizations: Vec<Organization> = through(agreement_party::Column::AgreementId, agreement_party::Column::OrganizationId).order(organization::Column::Name, Order::Desc).at_most(10);
    /// What has been promised.
    items: Connection<CooperationItem> = many(cooperation_item::Column::AgreementId).filter::<ItemFilter>().order_by::<ItemOrder>();
    /// What you can do now.
    open_steps: Vec<agreement::AgreementStep> = facts(agreement_facts, open_steps);
    /// Whether enough take part.
    quorum: Quorum = facts(agreement_facts, |facts: &AgreementFacts, _: &Actor| Quorum { parties: i32::try_from(facts.parties).unwrap(), enough: facts.parties > 1 });
    /// How long it lasts.
    days: Option<i32> = compute([StartsOn, EndsOn], |(first, last): (Option<NaiveDate>, NaiveDate), _: &Actor| i32::try_from((last - first?).num_days()).ok());
}

view! {
    /// How many agreements a county has in one status.
    pub(super) AgreementCount of agreement, seen by agreements_seen_by;

    /// The county.
    county: Option<Organization> = one(CountyId);
    /// The status.
    status: agreement::AgreementStatus = column(Status);
    /// How many.
    count: i32 = group_size();
}

view! {
    /// A party.
    pub(super) AgreementParty of agreement_party, seen by parties_seen_by, with Agreement by AgreementId, is Node;

    /// Its id.
    id: ID = column(Id);
    /// First, second, third.
    capacity: String = column(Capacity);
    /// What it does.
    role: agreement_party::PartyRole = column(Role);
    /// Its place.
    position: i32 = column(Position);
    /// Who.
    organization: Option<Organization> = one(OrganizationId);
    /// Of what.
    agreement: Option<Agreement> = one(AgreementId);
}

view! {
    /// A promise.
    pub(super) CooperationItem of cooperation_item, seen by everyone, is Node;

    /// Its id.
    id: ID = column(Id);
    /// What.
    title: String = column(Title);
    /// By when.
    due_on: Date = column(DueOn);
    /// How much.
    target: Option<BigInt> = column(Target);
    /// Where it stands.
    status: cooperation_item::ItemStatus = column(Status);
    /// Who does it.
    responsible: Option<Organization> = one(ResponsibleId);
    /// Of what.
    agreement: Option<Agreement> = one(AgreementId);
}

view! {
    /// Who asks.
    pub(super) Viewer root;

    /// The person.
    user: Option<User> = own(Actor::user);
    /// The membership.
    membership: Option<Membership> = own(Actor::membership);
    /// What the own side wrote.
    drafts: Connection<Agreement> = list_where(drafted_by_us).order(agreement::Column::EndsOn, Order::Desc);
}

view! {
    /// Everything.
    pub(super) Queries root;

    /// Who asks.
    viewer: Option<Viewer> = nested();
    /// One organization.
    organization: Option<Organization> = by_id();
    /// One organization by its code.
    organization_by_credit_code: Option<Organization> = find(organization::Column::CreditCode);
    /// All organizations.
    organizations: Option<Connection<Organization>> = all().filter::<OrganizationFilter>().order_by::<OrganizationOrder>();
    /// One agreement.
    agreement: Option<Agreement> = by_id();
    /// One agreement by its number.
    agreement_by_number: Option<Agreement> = find(agreement::Column::Number);
    /// All agreements.
    agreements: Option<Connection<Agreement>> = all().filter::<AgreementFilter>().order_by::<AgreementOrder>();
    /// How many there are.
    agreement_counts: Option<Vec<AgreementCount>> = all()
        .filter::<AgreementFilter>()
        .grouped_by([agreement::Column::CountyId, agreement::Column::Status])
        .at_most(50);
}

/// Ordinary resolvers beside views.
#[derive(Debug, Default)]
pub(super) struct Ordinary;

#[Object]
impl Ordinary {
    /// A view from a resolver.
    async fn resolved(&self, id: Id<agreement::Entity>) -> Option<Agreement> {
        Some(Agreement(id.key()))
    }

    /// A view from a resolver, in the sight of somebody else.
    async fn as_platform(&self, ctx: &async_graphql::Context<'_>) -> Option<SeenBy<Viewer>> {
        let actor = Caller::of(ctx).actor.clone().unwrap_or_else(|| actor(&People::new().university));
        Some(SeenBy { actor, view: Viewer })
    }

    /// The version.
    async fn version(&self) -> &'static str {
        "1"
    }

    /// A foreign error.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn foreign(&self) -> Result<i32, std::num::ParseIntError> {
        "secret".parse::<i32>()
    }

    /// Our own.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn own(&self) -> Result<Option<i32>> {
        Err(Error::internal("secret"))
    }
}

#[derive(Debug, Default, MergedObject)]
pub(super) struct Query(NodeQueries, Queries, Ordinary);

async fn touch(app: &App, actor: &Actor, (id, fail): (Id<agreement::Entity>, Option<bool>)) -> Result<Uuid> {
    let found =
        agreement::Entity::find_by_id(id.key()).filter(agreements_seen_by(actor)).one(app.db().reader()).await?;
    let message = Text::new("No.", "不行。");
    match fail {
        Some(true) => Err(Problem::new(Code::RuleViolated, message).at(["id"]).into()),
        Some(false) => Err(Error::forbidden()),
        None => found.map(|found| found.id).ok_or_else(Error::not_found),
    }
}

/// Changes.
#[derive(Debug, Default)]
pub(super) struct Mutation;

#[Object]
impl Mutation {
    /// Touches an agreement.
    async fn agreement_touch(
        &self,
        ctx: &async_graphql::Context<'_>,
        id: Id<agreement::Entity>,
        fail: Option<bool>,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(touch(app, actor, (id, fail)).await.map(Agreement))
    }
}

/// The views that `node` finds.
pub(super) const NODES: [fn() -> &'static crate::graphql::Definition; 6] = [
    Organization::definition,
    User::definition,
    Membership::definition,
    Agreement::definition,
    AgreementParty::definition,
    CooperationItem::definition,
];

pub(super) type Api = Schema<Root<Query>, Root<Mutation>, EmptySubscription>;
