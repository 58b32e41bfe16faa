//! The whole API: the slices' queries, mutations and subscriptions, merged.

use async_graphql::{Context, MergedObject, MergedSubscription, Object, SDLExportOptions, Schema, SimpleObject};

use futures_util::FutureExt as _;

use crate::{
    agreements::{
        self, AgreementParties, Registered,
        amendments::graphql::{AmendmentMutations, AmendmentQueries},
        graphql::{AgreementMutations, AgreementQueries},
        items::graphql::{ItemMutations, ItemQueries},
        proposals::graphql::{ImpactQueries, ProposalMutations, ProposalQueries},
    },
    app::App,
    dictionaries::graphql::DictionaryQueries,
    documents::graphql::{DocumentMutations, DocumentQueries},
    error::Result,
    graphql::{
        Caller, DateTime, Definition, Joinable, LabelQueries, NodeQueries, Nodes, Reads, Root, View, program,
        reached_from,
    },
    identity::graphql::{self as identity, IdentityMutations, IdentityQueries},
    notifications::{
        Feed,
        graphql::{NotificationMutations, NotificationQueries, NotificationSubscriptions},
    },
    organizations::{
        self,
        graphql::{OrganizationMutations, OrganizationQueries},
        merge::{
            self,
            graphql::{MergeMutations, MergeQueries},
        },
        similar::graphql::SimilarityQueries,
    },
    platform::search,
    search::graphql::SearchQueries,
    talent::{
        self,
        graphql::{TalentMutations, TalentQueries, TalentSubscriptions},
    },
};

/// The schema that is served.
pub type Api = Schema<Root<Query>, Root<Mutation>, Subscription>;

/// Everything that can be asked 查询.
#[derive(Debug, Default, MergedObject)]
pub struct Query(
    ServerQueries,
    LabelQueries,
    NodeQueries,
    IdentityQueries,
    Organizations,
    DocumentQueries,
    NotificationQueries,
    Agreements,
    TalentQueries,
    SearchQueries,
    DictionaryQueries,
);

/// Everything that can be done 变更. Each mutation answers with the record as it is afterwards, or with everything that
/// you can put right.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    IdentityMutations,
    OrganizationSteps,
    DocumentMutations,
    NotificationMutations,
    AgreementSteps,
    TalentMutations,
);

/// Everything that can be listened to 订阅.
#[derive(Debug, Default, MergedSubscription)]
pub struct Subscription(NotificationSubscriptions, TalentSubscriptions);

/// What can be asked about organizations.
#[derive(Debug, Default, MergedObject)]
pub struct Organizations(OrganizationQueries, SimilarityQueries, MergeQueries);

/// What can be done to organizations.
#[derive(Debug, Default, MergedObject)]
pub struct OrganizationSteps(OrganizationMutations, MergeMutations);

/// What can be asked about agreements and what belongs to them.
#[derive(Debug, Default, MergedObject)]
pub struct Agreements(AgreementQueries, ProposalQueries, ItemQueries, AmendmentQueries, ImpactQueries);

/// What can be done to agreements and what belongs to them.
#[derive(Debug, Default, MergedObject)]
pub struct AgreementSteps(AgreementMutations, ProposalMutations, ItemMutations, AmendmentMutations);

/// How much somebody may still ask for 请求额度.
#[derive(Clone, Debug, SimpleObject)]
pub struct RateLimit {
    /// The records that may be asked for at once, and that come back each minute 每分钟额度.
    pub limit: i32,
    /// What this request has asked for so far 本次消耗.
    pub cost: i32,
    /// What is left 剩余额度.
    pub remaining: i32,
    /// When all of it is back, if nothing more is asked for 恢复时间.
    pub reset_at: DateTime,
}

/// What the server says of itself.
#[derive(Debug, Default)]
pub struct ServerQueries;

#[Object]
impl ServerQueries {
    /// The version of the server 服务器版本.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// What you may still ask for, counted in records; costs nothing itself. Anyone may ask 请求额度.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn rate_limit(&self, ctx: &Context<'_>) -> Result<Option<RateLimit>> {
        let (app, caller) = (program(ctx)?, Caller::of(ctx));
        let standing = app.budgets().standing(&caller.purse(), app.db().clock().now());
        let small = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
        Ok(Some(RateLimit {
            limit: small(standing.limit),
            cost: small(caller.cost.requested()),
            remaining: small(standing.remaining),
            reset_at: DateTime(standing.reset_at),
        }))
    }
}

/// The views with which a read begins.
#[must_use]
pub fn roots() -> Vec<&'static Definition> {
    let mut roots = vec![
        NodeQueries::definition(),
        OrganizationQueries::definition(),
        DocumentQueries::definition(),
        NotificationQueries::definition(),
        AgreementQueries::definition(),
        ProposalQueries::definition(),
        ItemQueries::definition(),
        AmendmentQueries::definition(),
    ];
    roots.extend(identity::roots());
    roots.extend(talent::graphql::roots());
    roots
}

/// Every view of the schema, for tests over all of them.
#[must_use]
pub fn views() -> Vec<&'static Definition> {
    reached_from(roots())
}

/// The subscriptions that whoever has the same rights listens to as one.
#[must_use]
pub fn joinable() -> Joinable {
    Joinable::new(&["notificationReceived"]).unless_recorded(&views())
}

/// Builds the schema around the running program.
#[must_use]
pub fn build(app: App) -> Api {
    agreements::attach_files();
    talent::attach_files();
    let builder = builder().data(Nodes::reached_from(roots())).data(Reads::of(roots())).data(Feed::new(app.db()));
    let schema = builder
        .data(dependents())
        .data(mergeable())
        .data(searchable())
        .data(talent::exportable())
        .data(talent::awaiting())
        .data(talent::importing::progress::Imports::default())
        .data(joinable())
        .data(app)
        .finish();
    // Nobody asks; the reads that need no executor learn the schema from it.
    drop(schema.execute("{ node(id: \"\") { id } }").now_or_never());
    schema
}

/// What later slices say rests on an agreement: asked before one is terminated.
fn dependents() -> Registered {
    Vec::new()
}

/// What later slices carry over when organizations are merged.
fn mergeable() -> merge::Registered {
    let mut all: merge::Registered = vec![Box::new(AgreementParties)];
    all.extend(talent::mergeable());
    all
}

/// What can be found by words.
fn searchable() -> search::Registered {
    let mut all = organizations::searchable();
    all.extend(agreements::searchable());
    all.extend(talent::searchable());
    all
}

/// The schema as clients read it: `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().include_specified_by();
    let mut sdl = builder().finish().sdl_with_options(options);
    sdl.push('\n');
    sdl
}

/// The schema, not yet around anything.
#[must_use]
pub fn builder() -> async_graphql::SchemaBuilder<Root<Query>, Root<Mutation>, Subscription> {
    Schema::build(Root::default(), Root::default(), Subscription::default())
        .disable_suggestions()
        // http counts every document before, without expanding it, and knows how to say what is too much.
        .limit_recursive_depth(64)
}
