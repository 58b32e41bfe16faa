//! Signing an amendment: every required party, the same hash; the last one makes it effective.

use async_graphql::InputObject;
use entity::{
    agreement, agreement_signature,
    agreement_signature::SignatureEvidence,
    agreement_version,
    amendment::{self, AmendmentStep as Step},
    amendment_decision::{self, AmendmentDecisionKind as Kind},
    document,
};
use sea_orm::{ActiveEnum, ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use super::{
    decision, notices, ready, refuse_overlap,
    rules::{self, Action, Facts},
    store, told,
};
use crate::{
    agreements::{rules as agreement_rules, signing::scan, store as agreements},
    app::App,
    auth::Actor,
    error::{Error, Result},
    platform::{
        db::Write,
        event::Event,
        id::Id,
        lifecycle::{Quorum, Stands, Stepped as _},
    },
};

/// A signature under an amendment. Who may: the admin of a party that signs, once.
#[derive(Clone, Debug, InputObject)]
pub struct AmendmentSignInput {
    /// Which amendment.
    pub id: Id<amendment::Entity>,
    /// The hash of the agreement as amended that you read, the amendment's `contentHash`.
    pub expected_hash: String,
    /// What shows that you signed. PLATFORM is a record of this click, not a reliable electronic signature in law.
    pub evidence: SignatureEvidence,
    /// The scan, uploaded to this amendment before; required for `WET_INK_SCAN` and `SEAL_SCAN`.
    pub document_id: Option<Id<document::Entity>>,
}

/// The confirmation of a scan by a second person. Who may: the admin of a party that signs, but not the signer.
#[derive(Clone, Debug, InputObject)]
pub struct AmendmentSignatureConfirmInput {
    /// Which amendment.
    pub id: Id<amendment::Entity>,
    /// Which signature: a decision of the kind SIGNATURE.
    pub signature_id: Id<amendment_decision::Entity>,
    /// The hash of the agreement as amended that you compared the scan with.
    pub expected_hash: String,
}

/// Signs the agreement as amended for the own side. The last signature makes the amendment effective.
///
/// # Errors
/// CONFLICT when it is not what was read, or the agreement was amended meanwhile; `ILLEGAL_STEP` when it does not await
/// this party's signature; `RULE_VIOLATED` when a party is not verified or the same person spoke for another; DUPLICATE
/// when a live agreement of the kind binds the same parties in the time that it would last.
pub async fn sign(app: &App, actor: &Actor, input: &AmendmentSignInput) -> Result<Uuid> {
    app.db()
        .write_serializable(move |tx| async move {
            let mut facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Sign), &facts).await?;
            let stands = ready(&facts, actor, (Step::Sign, &input.expected_hash))?;
            let record = rules::record(facts.amendment.id);
            let row = amendment_decision::Model {
                evidence: Some(input.evidence),
                document_id: scan(&tx, actor, record, (input.evidence, input.document_id)).await?,
                ..decision(&write, actor, &facts, Kind::Signature)
            };
            facts.decisions.push(rules::Decision {
                id: row.id,
                kind: Kind::Signature,
                organization: row.organization_id,
                person: row.decided_by_id,
                counts: !agreement_rules::is_scan(input.evidence),
            });
            write.insert(row.into_active_model()).await?;
            let event = told(rules::happened(Step::Sign), &facts.agreement).with("evidence", input.evidence.to_value());
            settle(&write, &facts, &stands, event).await
        })
        .await
}

/// Confirms, as a second person, that a scan shows the signature under the agreement as amended.
///
/// # Errors
/// As [`sign`]; `RULE_VIOLATED` for the signer; `NOT_FOUND` when there is no such signature waiting.
pub async fn confirm_signature(app: &App, actor: &Actor, input: &AmendmentSignatureConfirmInput) -> Result<Uuid> {
    app.db()
        .write_serializable(move |tx| async move {
            let mut facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::ConfirmSignature, &facts).await?;
            let stands = facts.stands(actor);
            stands.may(Step::Sign)?;
            rules::standing(&facts)?;
            rules::based(&facts)?;
            rules::not_over(&facts)?;
            agreement_rules::expect_hash(&input.expected_hash, facts.amendment.content_hash.as_deref())?;
            agreement_rules::all_verified(&facts.agreement)?;
            let key = input.signature_id.key();
            let waiting = facts.decisions.iter_mut().find(|decision| decision.id == key && !decision.counts);
            let signature = waiting.ok_or_else(Error::not_found)?;
            agreement_rules::confirmed_by_another(signature.person, actor)?;
            signature.counts = true;
            store::confirm_signature(&write, key, actor.user()).await?;
            let event = told("AmendmentSignatureConfirmed", &facts.agreement).with("signature", key);
            settle(&write, &facts, &stands, event).await
        })
        .await
}

/// Effective once every required party's signature counts; until then it waits.
async fn settle(write: &Write, facts: &Facts, stands: &Stands<amendment::Entity>, event: Event) -> Result<Uuid> {
    let id = facts.amendment.id;
    if !facts.agreement.is_complete(&facts.decided(Kind::Signature)) {
        let waiting = (Step::Sign, Quorum::Waiting);
        write.take_with(stands, waiting, amendment::ActiveModel::default(), event).await?;
        if facts.decisions.iter().any(|decision| decision.kind == Kind::Signature && !decision.counts) {
            notices::scan_to_confirm(write, facts).await?;
        }
        return Ok(id);
    }
    let amended = rules::amended(&facts.agreement.agreement, &facts.amendment);
    refuse_overlap(write.tx(), facts, &amended).await?;
    let changes = amendment::ActiveModel { effective_at: Set(Some(write.now())), ..Default::default() };
    write.take(stands, Step::Sign, changes, event).await?;
    amend(write, facts, amended).await?;
    notices::tell(write, facts, (Step::Sign, Quorum::Reached)).await?;
    Ok(id)
}

/// The agreement now reads as amended: a new version, under it the signatures, and the row in their terms (I2).
async fn amend(write: &Write, facts: &Facts, amended: agreement::Model) -> Result<()> {
    let row = &facts.amendment;
    let (Some(content), Some(hash)) = (row.content.clone(), row.content_hash.clone()) else {
        return Err(Error::internal("an amendment that was signed and never frozen"));
    };
    let version = agreement_version::Model {
        id: write.id(),
        agreement_id: row.agreement_id,
        number: agreements::last_version(write.tx(), row.agreement_id).await? + 1,
        content,
        content_hash: hash.clone(),
        submitted_by_id: row.author_id,
        created_at: write.now(),
    };
    let (id, number) = (version.id, version.number);
    write.insert(version.into_active_model()).await?;
    let signatures = store::signatures(write.tx(), row.id).await?;
    write
        .insert_all(signatures.into_iter().map(|signed| under(write, signed, (row.agreement_id, id))).collect())
        .await?;
    let changes = agreement::ActiveModel {
        title: Set(amended.title),
        terms: Set(amended.terms),
        ends_on: Set(amended.ends_on),
        notice_by: Set(amended.notice_by),
        renewal_policy: Set(amended.renewal_policy),
        current_version_id: Set(Some(id)),
        content_hash: Set(Some(hash.clone())),
        ..Default::default()
    };
    write.change::<agreement::Entity>(row.agreement_id, facts.agreement.agreement.version, changes).await?;
    let event = Event::new("AgreementAmended").with("amendment", row.id).with("hash", hash).with("number", number);
    write.emit_for(agreement_rules::record(row.agreement_id), event).await
}

/// A signature under the amendment is one under the version that it makes.
fn under(
    write: &Write,
    signed: amendment_decision::Model,
    (agreement, version): (Uuid, Uuid),
) -> agreement_signature::ActiveModel {
    agreement_signature::Model {
        id: write.id(),
        agreement_id: agreement,
        version_id: version,
        organization_id: signed.organization_id,
        signer_id: signed.decided_by_id,
        on_behalf_of_id: None,
        content_hash: signed.content_hash,
        evidence: signed.evidence.unwrap_or(SignatureEvidence::Platform),
        document_id: signed.document_id,
        signed_at: signed.created_at,
        confirmed_by_id: signed.confirmed_by_id,
        confirmed_at: signed.confirmed_at,
        voided_at: None,
    }
    .into_active_model()
}
