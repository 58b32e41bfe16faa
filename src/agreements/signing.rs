//! Signing: every required party, the same hash, and what shows that it signed.

use async_graphql::InputObject;
use entity::{
    agreement::{self, AgreementStep as Step},
    agreement_signature::{self, SignatureEvidence},
    delegation::DelegationScope as Scope,
    document,
    notification::NoticeKind,
};
use sea_orm::{ActiveEnum, ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use super::{
    facts::{Facts, Signature},
    notices,
    review::{refuse_rival, told},
    rules::{self, Action},
    store,
};
use crate::{
    app::App,
    auth::{Actor, Job, Permit, RecordRef},
    documents,
    error::{Error, Result},
    platform::{
        clock,
        db::{Tx, Write},
        event::Event,
        id::Id,
        input::Checks,
        lifecycle::{Quorum, Stepped as _},
    },
};

/// A signature. Who may: the admin of a party that signs, once.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementSignInput {
    /// Which agreement.
    pub id: Id<agreement::Entity>,
    /// The hash of the text that you read, `contentHash`.
    pub expected_hash: String,
    /// What shows that you signed. PLATFORM is a record of this click, not a reliable electronic signature in law.
    pub evidence: SignatureEvidence,
    /// The scan, uploaded to this agreement before; required for `WET_INK_SCAN` and `SEAL_SCAN`.
    pub document_id: Option<Id<document::Entity>>,
}

/// The confirmation of a scan by a second person. Who may: the admin of a party that signs, but not the signer.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementSignatureConfirmInput {
    /// Which agreement.
    pub id: Id<agreement::Entity>,
    /// Which signature.
    pub signature_id: Id<agreement_signature::Entity>,
    /// The hash of the text that you compared the scan with.
    pub expected_hash: String,
}

/// Signs the text for the own side. The last signature makes the agreement signed; it begins at once when its first
/// day is past.
///
/// # Errors
/// CONFLICT when the text is not the one that was read; `ILLEGAL_STEP` when it does not await this party's signature;
/// `RULE_VIOLATED` when a party is not verified or the same person signed for another.
pub async fn sign(app: &App, actor: &Actor, input: &AgreementSignInput) -> Result<Uuid> {
    app.db()
        .write_serializable(move |tx| async move {
            let mut facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Sign), &facts).await?;
            let stands = facts.stands(actor);
            stands.may(Step::Sign)?;
            rules::in_order(Step::Sign, &facts, actor)?;
            stands.must_be_open(Step::Sign)?;
            rules::expect_hash(&input.expected_hash, facts.agreement.content_hash.as_deref())?;
            let on_behalf_of = facts.deputizes(actor, Scope::SignAgreements);
            let record = rules::record(facts.agreement.id);
            let document = scan(&tx, actor, record, (input.evidence, input.document_id)).await?;
            let row = signature(&write, actor, &facts, (input.evidence, document))?;
            facts.signatures.push(Signature {
                id: row.id,
                organization: row.organization_id,
                signer: row.signer_id,
                on_behalf_of,
                counts: !rules::is_scan(input.evidence),
            });
            write.insert(row.into_active_model()).await?;
            let event = told(rules::happened(Step::Sign), on_behalf_of).with("evidence", input.evidence.to_value());
            settle(&write, &facts, stands, event).await
        })
        .await
}

/// Confirms, as a second person, that a scan shows the signature under the current text.
///
/// # Errors
/// CONFLICT when the text is not the one that was compared; `RULE_VIOLATED` for the signer; `NOT_FOUND` when there is
/// no such signature waiting.
pub async fn confirm_signature(app: &App, actor: &Actor, input: &AgreementSignatureConfirmInput) -> Result<Uuid> {
    app.db()
        .write_serializable(move |tx| async move {
            let mut facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::ConfirmSignature, &facts).await?;
            let stands = facts.stands(actor);
            stands.may(Step::Sign)?;
            rules::expect_hash(&input.expected_hash, facts.agreement.content_hash.as_deref())?;
            rules::not_over(&facts)?;
            rules::all_verified(&facts)?;
            let key = input.signature_id.key();
            let waiting = facts.signatures.iter_mut().find(|signature| signature.id == key && !signature.counts);
            let signature = waiting.ok_or_else(Error::not_found)?;
            signature.counts = true;
            let signed = [Some(signature.signer), signature.on_behalf_of];
            let same = signed.into_iter().flatten().find(|person| facts.is_one_person(*person, actor.user()));
            rules::confirmed_by_another(same.map_or_else(Uuid::nil, |_| actor.user()), actor)?;
            store::confirm_signature(&write, key, actor.user()).await?;
            settle(&write, &facts, stands, Event::new("AgreementSignatureConfirmed").with("signature", key)).await
        })
        .await
}

/// A scan needs its document, and the document belongs to what is signed and to the signing side.
pub(super) async fn scan(
    tx: &Tx,
    actor: &Actor,
    record: RecordRef,
    (evidence, document): (SignatureEvidence, Option<Id<document::Entity>>),
) -> Result<Option<Uuid>> {
    let mut checks = Checks::new();
    checks.require(
        !rules::is_scan(evidence) || document.is_some(),
        "documentId",
        "documentId is missing: a scan is evidence only with its file.",
        "缺少 documentId：扫描件必须附文件。",
    );
    checks.finish()?;
    let Some(id) = document else { return Ok(None) };
    documents::attached(tx, actor, (record, id.key())).await?;
    Ok(Some(id.key()))
}

fn signature(
    write: &Write,
    actor: &Actor,
    facts: &Facts,
    (evidence, document): (SignatureEvidence, Option<Uuid>),
) -> Result<agreement_signature::Model> {
    let row = &facts.agreement;
    let (Some(version), Some(hash)) = (row.current_version_id, row.content_hash.clone()) else {
        return Err(Error::internal("a signature without a version"));
    };
    Ok(agreement_signature::Model {
        id: write.id(),
        agreement_id: row.id,
        version_id: version,
        organization_id: actor.organization(),
        signer_id: actor.user(),
        on_behalf_of_id: facts.deputizes(actor, Scope::SignAgreements),
        content_hash: hash,
        evidence,
        document_id: document,
        signed_at: write.now(),
        confirmed_by_id: None,
        confirmed_at: None,
        voided_at: None,
    })
}

/// Signed once every required party's signature counts (I2), and active at once when the first day is past.
async fn settle(
    write: &Write,
    facts: &Facts,
    mut stands: crate::platform::lifecycle::Stands<agreement::Entity>,
    event: Event,
) -> Result<Uuid> {
    let id = facts.agreement.id;
    if !facts.is_complete(&facts.signed()) {
        write.take_with(&stands, (Step::Sign, Quorum::Waiting), agreement::ActiveModel::default(), event).await?;
        if facts.signatures.iter().any(|signature| !signature.counts) {
            notices::tell(write, facts, NoticeKind::ScanToConfirm).await?;
        }
        return Ok(id);
    }
    refuse_rival(write.tx(), facts).await?;
    let today = clock::day(write.now());
    let starts_on = rules::starts_on(&facts.agreement, today);
    let changes = agreement::ActiveModel {
        starts_on: Set(Some(starts_on)),
        signed_at: Set(Some(write.now())),
        ..Default::default()
    };
    stands.status = write.take(&stands, Step::Sign, changes, event).await?;
    stands.version += 1;
    notices::tell(write, facts, NoticeKind::AgreementSigned).await?;
    if starts_on <= today {
        let system = write.tx().under(Permit::system(Job::ActivateAgreements, rules::record(id)));
        super::jobs::activate(&system, &stands).await?;
    }
    Ok(id)
}
