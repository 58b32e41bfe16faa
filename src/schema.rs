//! The whole API: the slices' queries, mutations and subscriptions, merged.

use async_graphql::{MergedObject, MergedSubscription, Object, SDLExportOptions, Schema};

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
    graphql::{Definition, LabelQueries, NodeQueries, Nodes, Root, View, reached_from},
    identity::graphql::{self as identity, IdentityMutations, IdentityQueries},
    notifications::{
        Feed, OrganizationNotices,
        graphql::{NotificationMutations, NotificationQueries, NotificationSubscriptions},
    },
    organizations::{
        graphql::{OrganizationMutations, OrganizationQueries},
        merge::{
            self,
            graphql::{MergeMutations, MergeQueries},
        },
        similar::graphql::SimilarityQueries,
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
    DictionaryQueries,
);

/// Everything that can be done 变更. Each mutation answers with the record as it is afterwards, or with everything that
/// you can put right.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(IdentityMutations, OrganizationSteps, DocumentMutations, NotificationMutations, AgreementSteps);

/// Everything that can be listened to 订阅.
#[derive(Debug, Default, MergedSubscription)]
pub struct Subscription(NotificationSubscriptions);

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

/// What the server says of itself.
#[derive(Debug, Default)]
pub struct ServerQueries;

#[Object]
impl ServerQueries {
    /// The version of the server 服务器版本.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
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
    roots
}

/// Every view of the schema, for tests over all of them.
#[must_use]
pub fn views() -> Vec<&'static Definition> {
    reached_from(roots())
}

/// Builds the schema around the running program.
#[must_use]
pub fn build(app: App) -> Api {
    agreements::attach_files();
    let builder = builder().data(Nodes::reached_from(roots())).data(Feed::new(app.db()));
    builder.data(dependents()).data(mergeable()).data(app).finish()
}

/// What later slices say rests on an agreement: asked before one is terminated.
fn dependents() -> Registered {
    Vec::new()
}

/// What later slices carry over when organizations are merged.
fn mergeable() -> merge::Registered {
    vec![Box::new(AgreementParties), Box::new(OrganizationNotices)]
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
