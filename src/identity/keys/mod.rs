//! The keys that sign access tokens, and the codes with which students are checked in 签名密钥.
//!
//! There is always one that signs (CURRENT) and one that will (NEXT), published before it does, so that nobody meets a
//! token whose key they have not seen. Rotating moves each on: NEXT signs, CURRENT becomes PREVIOUS and is still
//! believed, PREVIOUS is RETIRED together with everything it signed. Rotating twice therefore ends what a stolen key
//! signed. Private halves are sealed with the installation's secret.

pub mod store;

use std::sync::Arc;

use entity::{
    Record,
    signing_key::{self, KeyState},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Job, Permit, RecordRef},
    error::{Error, Result},
    platform::{
        db::Write,
        event::Event,
        failure::is_duplicate,
        id,
        keyring::{self, Key, Ring},
        seal::Seal,
    },
};

/// For which private keys are sealed.
const PURPOSE: &str = "signing keys";

/// The keys for everybody who checks our tokens: the body of `/.well-known/jwks.json`.
///
/// # Errors
/// When the keys cannot be read.
pub async fn jwks(app: &App) -> Result<serde_json::Value> {
    Ok(ring(app, None).await?.jwks())
}

/// Moves every key on and makes a new one: `hezuo keys rotate`. Other servers follow within a minute.
///
/// # Errors
/// `RULE_VIOLATED` when another server rotates at the same moment.
pub async fn rotate(app: &App) -> Result<()> {
    ring(app, None).await?;
    let (id, row) = make(app, KeyState::Next)?;
    let row = &row;
    let done = app.db().write(move |tx| async move {
        let write = tx.under(Permit::system(Job::SigningKeys, record(id)));
        store::move_on(&write, KeyState::Previous, KeyState::Retired).await?;
        store::move_on(&write, KeyState::Current, KeyState::Previous).await?;
        store::move_on(&write, KeyState::Next, KeyState::Current).await?;
        add(&write, row.clone()).await?;
        write.emit(Event::new("SigningKeysRotated")).await
    });
    let done = done.await;
    app.keyring().forget();
    done.map_err(|error| if is_duplicate(&error) { just_rotated() } else { error })
}

/// The keys as this process knows them; read again when `missing` is a key it does not know.
///
/// # Errors
/// When the keys cannot be read, or were sealed with another secret.
pub async fn ring(app: &App, missing: Option<&str>) -> Result<Arc<Ring>> {
    app.keyring().get(missing, async || read(app).await).await
}

async fn read(app: &App) -> Result<Ring> {
    let mut rows = store::believed(app.db().aside()).await?;
    if rows.is_empty() {
        first(app).await?;
        rows = store::believed(app.db().aside()).await?;
    }
    let signer = rows.iter().find(|row| row.state == KeyState::Current).ok_or_else(no_key)?;
    let sealed = signer.sealed_private_key.as_deref().ok_or_else(no_key)?;
    let pkcs8 = Seal::new(&app.settings().secret)?.open(PURPOSE, &kid(signer.id), sealed)?;
    let pkcs8 = pkcs8.ok_or_else(|| Error::internal("the signing keys were sealed with another secret"))?;
    let signer = kid(signer.id);
    let keys: Result<Vec<Key>> = rows.into_iter().map(|row| Key::new(kid(row.id), row.public_key)).collect();
    Ok(Ring::new(keys?, signer, &pkcs8))
}

/// The first two keys. When another server makes them at the same moment, its are as good.
async fn first(app: &App) -> Result<()> {
    let (id, current) = make(app, KeyState::Current)?;
    let (_, next) = make(app, KeyState::Next)?;
    let rows = &[current, next];
    let done = app.db().write(move |tx| async move {
        let write = tx.under(Permit::system(Job::SigningKeys, record(id)));
        for row in rows {
            add(&write, row.clone()).await?;
        }
        write.emit(Event::new("SigningKeysMade")).await
    });
    match done.await {
        Err(error) if is_duplicate(&error) => Ok(()),
        done => done,
    }
}

/// A new key, its private half sealed.
fn make(app: &App, state: KeyState) -> Result<(Uuid, signing_key::ActiveModel)> {
    let now = app.db().clock().now();
    let id = id::new(now);
    let (pkcs8, public) = keyring::generate()?;
    let sealed = Seal::new(&app.settings().secret)?.close(PURPOSE, &kid(id), &pkcs8)?;
    let row = signing_key::ActiveModel {
        id: Set(id),
        public_key: Set(public),
        sealed_private_key: Set(Some(sealed)),
        state: Set(state),
        created_at: Set(now),
    };
    Ok((id, row))
}

async fn add(write: &Write, row: signing_key::ActiveModel) -> Result<()> {
    write.insert(row).await.map(drop)
}

fn kid(id: Uuid) -> String {
    id::show(signing_key::Entity::PREFIX, id)
}

fn record(id: Uuid) -> RecordRef {
    RecordRef { kind: signing_key::Entity::PREFIX, id }
}

fn no_key() -> Error {
    Error::internal("no key signs")
}

fn just_rotated() -> Error {
    Error::rule("The keys have just been rotated.", "密钥刚刚轮换过。")
}
