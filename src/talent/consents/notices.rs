//! Whom a consent concerns: those who read for the enterprise.

use entity::{notification::NoticeKind, share_consent};

use super::rules::{self, READERS};
use crate::{
    error::Result,
    notifications::{Notice, To, notify},
    platform::db::Write,
};

/// Tells the enterprise that it may read a résumé.
pub(super) async fn given(write: &Write, consent: &share_consent::Model) -> Result<()> {
    tell(write, consent, NoticeKind::ConsentGiven).await
}

/// Tells the enterprise that it may no longer.
pub(super) async fn withdrawn(write: &Write, consent: &share_consent::Model) -> Result<()> {
    tell(write, consent, NoticeKind::ConsentWithdrawn).await
}

async fn tell(write: &Write, consent: &share_consent::Model, kind: NoticeKind) -> Result<()> {
    let readers = To::Members { organizations: vec![consent.organization_id], roles: READERS };
    notify(write, &Notice::new(kind, rules::record(consent.id), readers)).await
}
