//! Views whose reading is recorded: whatever leads to a row, it is asked first, and what it does not give back is not shown.

use std::sync::{Mutex, PoisonError};

use async_graphql::{ID, MergedObject, Object, Request, Response, Schema, Subscription};
use entity::{agreement, cooperation_item};
use futures_util::{Stream, StreamExt as _, stream};
use sea_orm::{Condition, Order};
use uuid::Uuid;

use super::{
    rows::agreement_key,
    world::{World, actor, text, worlds},
};
use crate::{
    auth::Actor,
    error::{Error, Result},
    graphql::{
        Caller, Connection, DirectlyAsked, NodeQueries, Nodes, Payload, Reads, Root, View, all, by_id, column, many,
        one, view,
    },
    platform::{db::Db, id, id::Id},
};

/// What was read since it was last asked.
static READ: Mutex<Vec<Uuid>> = Mutex::new(Vec::new());

/// Nothing of the second agreement is given back, and the third is an accident.
async fn record(_: &Db, _: &Actor, keys: &[Uuid]) -> Result<Vec<Uuid>> {
    READ.lock().unwrap_or_else(PoisonError::into_inner).extend(keys);
    if keys == [agreement_key(3)] {
        return Err(Error::internal("the recorder fails"));
    }
    Ok(keys.iter().copied().filter(|key| *key != agreement_key(2)).collect())
}

fn read() -> Vec<Uuid> {
    std::mem::take(&mut *READ.lock().unwrap_or_else(PoisonError::into_inner))
}

fn everyone(_: &Actor) -> Condition {
    Condition::all()
}

view! {
    /// An agreement that nobody reads unseen.
    pub(super) Watched of agreement, seen by everyone, recorded by record, is Node;

    /// Its id.
    id: ID = column(Id);
    /// Its number.
    number: String = column(Number);
    /// What lies below it.
    items: Connection<Below> = many(cooperation_item::Column::AgreementId);
}

view! {
    /// Something below.
    pub(super) Below of cooperation_item, seen by everyone, is Node;

    /// Its id.
    id: ID = column(Id);
    /// What leads up.
    agreement: Option<Watched> = one(AgreementId).or_else(Error::consent_required);
}

view! {
    /// Everything.
    pub(super) Queries root;

    /// One.
    watched: Option<Watched> = by_id();
    /// All.
    all_watched: Option<Connection<Watched>> = all().order(agreement::Column::Number, Order::Asc);
    /// What leads to one.
    below: Option<Connection<Below>> = all();
}

#[derive(Debug, Default, MergedObject)]
struct Query(NodeQueries, Queries, Ordinary);

/// A view from a resolver.
#[derive(Debug, Default)]
struct Ordinary;

#[Object]
impl Ordinary {
    /// One.
    async fn resolved(&self, id: Id<agreement::Entity>) -> Option<Watched> {
        Some(Watched(id.key()))
    }
}

/// Changes.
#[derive(Debug, Default)]
struct Mutation;

#[Object]
impl Mutation {
    /// Changes nothing.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn watched_touch(&self, id: Id<agreement::Entity>) -> Result<Payload<Watched>> {
        Payload::of(Ok(Watched(id.key())))
    }
}

/// News.
#[derive(Debug, Default)]
struct Told;

#[Subscription]
impl Told {
    /// One.
    async fn told(&self, id: Id<agreement::Entity>) -> impl Stream<Item = Option<Watched>> + use<> {
        stream::iter([Some(Watched(id.key()))])
    }
}

type Api = Schema<Root<Query>, Root<Mutation>, Told>;

fn api(world: &World) -> Api {
    Schema::build(Root::<Query>::default(), Root::<Mutation>::default(), Told)
        .data(world.app.clone())
        .data(Nodes::reached_from([Queries::definition()]))
        .data(Reads::of([NodeQueries::definition(), Queries::definition()]))
        .finish()
}

async fn ask(world: &World, api: &Api, document: &str) -> Response {
    let caller = Caller { actor: Some(actor(&world.people.county)), ..Caller::default() };
    let mut answers = api.execute_stream(Request::new(document).data(caller)).boxed();
    answers.next().await.unwrap()
}

/// Past the executor.
async fn directly(world: &World, api: &Api, document: &str) -> Response {
    let caller = &Caller { actor: Some(actor(&world.people.county)), ..Caller::default() };
    let document = &async_graphql::parser::parse_query(document).unwrap();
    let asked = DirectlyAsked { document, operation: None, variables: &async_graphql::Variables::default(), caller };
    api.data::<Reads>().unwrap().answer(&world.app, asked).await.unwrap()
}

fn watched(number: u32) -> String {
    id::show("agreement", agreement_key(number))
}

#[tokio::test]
async fn whatever_leads_to_a_row_is_recorded() {
    let (one, hidden) = (watched(1), watched(2));
    let shown = r#"{"number":"XY-511322-2026-0001"}"#;
    for world in worlds().await {
        let api = &api(&world);
        let documents = [
            (format!("{{ watched(id: \"{one}\") {{ number }} }}"), format!(r#"{{"watched":{shown}}}"#)),
            (format!("{{ node(id: \"{one}\") {{ ... on Watched {{ number }} }} }}"), format!(r#"{{"node":{shown}}}"#)),
            (
                format!("{{ nodes(ids: [\"{hidden}\", \"{one}\"]) {{ ... on Watched {{ number }} }} }}"),
                format!(r#"{{"nodes":[null,{shown}]}}"#),
            ),
            (
                "{ allWatched(first: 3) { nodes { number } } }".to_owned(),
                format!(r#"{{"allWatched":{{"nodes":[{{"number":"XY-511322-2026-0000"}},{shown}]}}}}"#),
            ),
            (format!("{{ watched(id: \"{hidden}\") {{ number }} }}"), r#"{"watched":null}"#.to_owned()),
        ];
        for (document, expected) in &documents {
            for past in [false, true] {
                let answer =
                    if past { directly(&world, api, document).await } else { ask(&world, api, document).await };
                assert!(answer.errors.is_empty(), "{document}\n{:?}", answer.errors);
                assert_eq!(&text(&answer), expected, "{document}");
                assert!(!read().is_empty(), "{document} was not recorded");
            }
        }
        what_resolvers_give(&world, api).await;
        what_is_not_given_back(&world, api).await;
    }
}

/// Views that resolvers, mutations and subscriptions give.
async fn what_resolvers_give(world: &World, api: &Api) {
    let (one, hidden) = (watched(1), watched(2));
    let shown = r#"{"number":"XY-511322-2026-0001"}"#;
    for (document, expected) in [
        (format!("{{ resolved(id: \"{one}\") {{ number }} }}"), format!(r#"{{"resolved":{shown}}}"#)),
        (
            format!("mutation {{ watchedTouch(id: \"{one}\") {{ result {{ number }} }} }}"),
            format!(r#"{{"watchedTouch":{{"result":{shown}}}}}"#),
        ),
        (format!("subscription {{ told(id: \"{one}\") {{ number }} }}"), format!(r#"{{"told":{shown}}}"#)),
        (format!("subscription {{ told(id: \"{hidden}\") {{ number }} }}"), r#"{"told":null}"#.to_owned()),
    ] {
        assert_eq!(text(&ask(world, api, &document).await), expected, "{document}");
        assert_eq!(read().len(), 1, "{document}");
    }
    // A number of rows is no row, and what is not there is not read.
    let missing = watched(99);
    for document in
        ["{ allWatched { totalCount } }".to_owned(), format!("{{ watched(id: \"{missing}\") {{ number }} }}")]
    {
        ask(world, api, &document).await;
        assert_eq!(read(), Vec::<Uuid>::new(), "{document}");
    }
}

/// It is null, with the reason where one is declared; nothing hangs off it; and what cannot be recorded is not shown.
async fn what_is_not_given_back(world: &World, api: &Api) {
    let below = "{ below(first: 100) { nodes { agreement { id items(first: 1) { nodes { id } } } } } }";
    for past in [false, true] {
        let answer = if past { directly(world, api, below).await } else { ask(world, api, below).await };
        let (text, hidden) = (text(&answer), watched(2));
        assert!(!text.contains(&hidden) && text.contains(&watched(1)) && text.contains("null"), "{text}");
        let reasons: Vec<_> = answer.errors.iter().map(|error| error.source::<Error>().map(Error::code)).collect();
        assert!(!reasons.is_empty() && reasons.iter().all(|code| *code == Some(crate::error::Code::ConsentRequired)));
        assert_eq!(reasons.len(), text.matches("null").count());
        assert!(read().contains(&agreement_key(2)));
        let fails = format!("{{ watched(id: \"{}\") {{ number }} }}", watched(3));
        let answer = if past { directly(world, api, &fails).await } else { ask(world, api, &fails).await };
        assert_eq!(super::world::text(&answer), r#"{"watched":null}"#);
        assert_eq!(answer.errors.len(), 1);
        assert_eq!(read(), [agreement_key(3)]);
    }
}

#[test]
fn a_group_is_never_of_recorded_rows() {
    view! {
        /// A group.
        pub(super) Counted of agreement, seen by everyone, recorded by record;

        /// Where they stand.
        status: agreement::AgreementStatus = column(Status);
        /// How many.
        count: i32 = crate::graphql::group_size();
    }
    view! {
        /// Everything.
        pub(super) Counting root;

        /// How many there are.
        counts: Option<Vec<Counted>> = all().grouped_by([agreement::Column::Status]).at_most(50);
    }
    assert_eq!(
        Counting::definition().problems(),
        ["Counting.counts: a group has no rows whose reading is recorded".to_owned()]
    );
}
