//! Issuers 身份提供方: the OpenID providers of organizations.
//!
//! A university or a county has a sign-in server of its own, at which its people sign in to everything. Its admin brings
//! that server in as an **issuer**: its address, and the name (client id) that it has for this installation. From then on
//! the ID tokens that it signs can be exchanged for sessions (see [`super::exchange`]) by those whom the admin allowed
//! (see [`super::identities`]). Disabling an issuer ends every session that was opened by its tokens. An issuer speaks for
//! its organization and the departments below it, and for nobody else.

pub mod graphql;
pub mod rules;
pub mod store;

use async_graphql::InputObject;
use entity::issuer::{self, IssuerStep as Step};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use self::rules::{Action, HostAction};
use super::{exchange, sessions};
use crate::{
    app::App,
    auth::Actor,
    error::{Error, Result},
    platform::{
        db::{Tx, Write},
        event::Event,
        failure::is_duplicate,
        id::Id,
        input::{Checks, NAME, expect_version},
        lifecycle::Stepped as _,
    },
};

/// An issuer to bring in.
#[derive(Clone, Debug, InputObject)]
pub struct IssuerCreateInput {
    /// What the button on the sign-in page says, 1 to 200 characters.
    pub name: String,
    /// The issuer's address, exactly as `iss` in its tokens: https, without a query.
    pub url: String,
    /// What the issuer calls this installation: `aud` in its tokens.
    pub client_id: String,
}

/// An issuer to disable or enable.
#[derive(Clone, Debug, InputObject)]
pub struct IssuerStepInput {
    /// Which issuer.
    pub id: Id<issuer::Entity>,
    /// The version you read.
    pub expected_version: i32,
}

/// Brings in an issuer of the own organization.
///
/// # Errors
/// `INVALID_INPUT` for every field that is wrong; DUPLICATE when somebody uses it with this client id.
pub async fn create(app: &App, actor: &Actor, input: &IssuerCreateInput) -> Result<Uuid> {
    let created = app.db().write(move |tx| async move {
        let facts = store::host(&tx, actor).await?;
        let write = tx.permit(actor, HostAction::AddIssuer, &facts).await?;
        let mut checks = Checks::new();
        let name = checks.line("name", &input.name, NAME);
        let url = checks.line("url", &input.url, rules::URL);
        checks.require(
            app.fetch().may_call(&url) && !url.contains(['?', '#']),
            "url",
            "url: expected a public https address without a query, such as https://sso.example.edu.",
            "url 应为不带查询参数的公网 https 地址，例如 https://sso.example.edu。",
        );
        let client_id = checks.line("clientId", &input.client_id, rules::CLIENT_ID);
        checks.finish()?;
        let row = issuer::ActiveModel {
            organization_id: Set(facts.organization.id),
            name: Set(name),
            url: Set(url),
            client_id: Set(client_id),
            ..Default::default()
        };
        let row = store::add(&write, row).await?;
        let event = Event::new("IssuerCreated").with("organization", row.organization_id);
        write.emit_first(rules::record(row.id), event).await?;
        Ok(row.id)
    });
    created.await.map_err(|error| known(error, "url"))
}

/// Refuses an issuer's tokens from now on, and ends every session that was opened by them.
///
/// # Errors
/// `ILLEGAL_STEP` when already disabled; CONFLICT for a stale version.
pub async fn disable(app: &App, actor: &Actor, input: &IssuerStepInput) -> Result<Uuid> {
    take(app, actor, Step::Disable, input).await
}

/// Takes an issuer's tokens again.
///
/// # Errors
/// `ILLEGAL_STEP` when not disabled; CONFLICT for a stale version; DUPLICATE when somebody uses it with this client id.
pub async fn enable(app: &App, actor: &Actor, input: &IssuerStepInput) -> Result<Uuid> {
    take(app, actor, Step::Enable, input).await.map_err(|error| known(error, "id"))
}

async fn take(app: &App, actor: &Actor, step: Step, input: &IssuerStepInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(step), &facts).await?;
            expect_version(input.expected_version, facts.issuer.version)?;
            let (stands, event) = (facts.stands(actor), Event::new(rules::happened(step)));
            write.take(&stands, step, issuer::ActiveModel::default(), event).await?;
            if step == Step::Disable {
                let opened = exchange::store::sessions_of_issuer(&tx, facts.issuer.id).await?;
                sessions::end_each(&write, opened).await?;
            }
            Ok(facts.issuer.id)
        })
        .await
}

fn known(error: Error, field: &str) -> Error {
    if is_duplicate(&error) { rules::taken(field) } else { error }
}

/// How many issuers an organization has: what a merge would move.
///
/// # Errors
/// When the database fails.
pub async fn count_of(tx: &Tx, organization: Uuid) -> Result<usize> {
    store::count_of(tx, organization).await
}

/// The issuers of a duplicate sign people in for the organization that stays. Part of the write that merges them.
///
/// # Errors
/// When the database fails.
pub async fn move_all(write: &Write, from: Uuid, into: Uuid) -> Result<()> {
    store::readdress(write, (from, into)).await
}
