//! Separate consents 单独同意: a student decides who may read the résumé (PIPL, article 23).
//!
//! A consent is **given** to one enterprise for one purpose, for some of three categories (the profile, the contact
//! data, the file), to the notice that the student was shown, and until a day. Giving another one to the same enterprise
//! for the same purpose puts it in the place of the first. It is **withdrawn** in one call that always works, also after the
//! studies, and costs nothing else. It also ends by itself: when its last day is past, when the notice changes, and when the enterprise is
//! merged into another, to which it was not given.
//!
//! Every read under a consent is written down before anything is shown ([`record_reads`]), in one transaction with the
//! question whether the consent still holds. So reading and withdrawing happen one after the other: what was read before
//! stands in the log with an earlier time, and nothing is read after.

mod export;
pub mod graphql;
mod merging;
mod notices;
pub mod rules;
pub mod store;

pub use export::OwnConsents;
pub use merging::Consents;
pub use rules::NOTICE_VERSION;

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::{
    organization::{self, OrganizationKind, OrganizationStatus},
    resume_access::{self, AccessChannel},
    share_consent::{self, ShareCategory, ShareConsentStep as Step, SharePurpose},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Actor, Governed as _, Job, Permit},
    error::{Code, Result, Text},
    graphql::Date,
    organizations,
    platform::{
        clock,
        db::{Db, Tx, Write},
        event::Event,
        id::Id,
        input::Checks,
        lifecycle::{Lifecycle, Stepped as _},
    },
};
use rules::{Action, Facts, Own, Student};

/// What a student is told before consenting, in English and Chinese. Whoever changes it raises [`NOTICE_VERSION`].
pub const NOTICE: (&str, &str) = (
    "The enterprise that you name reads the categories that you choose of your résumé, for the purpose that you name, \
     until the day that you set. Every read is shown to you. You can withdraw at any time, in one step and without \
     giving a reason; from then on the enterprise reads nothing more.",
    "您指定的企业可在您设定的期限内，为您指定的目的查阅您所选类别的简历信息；每次查阅均向您公示。您可随时一步撤回同意，无需说明理由；\
     撤回后该企业不能再查阅。",
);

/// A consent. Who may: a student, for the own résumé.
#[derive(Clone, Debug, InputObject)]
pub struct ShareConsentGiveInput {
    /// The enterprise that may read; it must be verified.
    pub organization_id: Id<organization::Entity>,
    /// What for.
    pub purpose: SharePurpose,
    /// What, at least one.
    pub categories: Vec<ShareCategory>,
    /// The last day on which it holds.
    pub expires_on: Date,
    /// The version of the notice that you read: `shareConsentNotice`.
    pub notice_version: i32,
}

/// Which consent to take back. Who may: the student, also after the studies.
#[derive(Clone, Debug, InputObject)]
pub struct ShareConsentWithdrawInput {
    /// Which consent.
    pub id: Id<share_consent::Entity>,
}

/// To take back everything. Who may: whoever gave it, also after the studies.
#[derive(Clone, Debug, InputObject)]
pub struct ShareConsentWithdrawAllInput {
    /// For one enterprise only; left out: for all.
    pub organization_id: Option<Id<organization::Entity>>,
}

/// Consents that one enterprise reads the actor's résumé. The same consent again gives the one that stands.
///
/// # Errors
/// `NOT_FOUND` for an organization that is not to be seen; `INVALID_INPUT` for every field that is wrong; CONFLICT when
/// the notice has changed.
pub async fn give(app: &App, actor: &Actor, input: &ShareConsentGiveInput) -> Result<Uuid> {
    let days = app.settings().consent_days;
    app.db()
        .write(move |tx| async move {
            store::hold(&tx, actor.user()).await?;
            let write = tx.permit(actor, Own::Give, &Student::of(actor)).await?;
            store::hold_receiver(&tx, input.organization_id.key()).await?;
            let receiver = organizations::find(&tx, actor, input.organization_id.key()).await?;
            let expires_at = clock::ends(input.expires_on.0);
            let mut checks = Checks::new();
            check_receiver(&mut checks, &receiver);
            check_notice(&mut checks, input.notice_version);
            rules::check(&mut checks, (&input.categories, expires_at), (write.now(), days));
            checks.finish()?;
            if let Some(earlier) = store::given_for(&tx, actor.user(), (receiver.id, input.purpose)).await? {
                if earlier.says((&input.categories, expires_at), write.now()) {
                    return Ok(earlier.consent.id);
                }
                let under = tx.permit(actor, Action::Take(Step::Supersede), &earlier).await?;
                end(&under, &earlier, Step::Supersede).await?;
            }
            let consent = write.insert(row(&write, input, expires_at).into_active_model()).await?;
            let given = Event::new("ShareConsentGiven").with("organization", receiver.id);
            write.emit_first(rules::record(consent.id), given).await?;
            notices::given(&write, &consent).await?;
            Ok(consent.id)
        })
        .await
}

fn row(write: &Write, input: &ShareConsentGiveInput, expires_at: DateTime<Utc>) -> share_consent::Model {
    let covers = |category: ShareCategory| input.categories.contains(&category);
    share_consent::Model {
        id: write.id(),
        student_id: write.permit().record().id,
        organization_id: input.organization_id.key(),
        purpose: input.purpose,
        profile: covers(ShareCategory::Profile),
        contact: covers(ShareCategory::Contact),
        file: covers(ShareCategory::File),
        notice_version: NOTICE_VERSION,
        status: share_consent::Entity::INITIAL,
        expires_at,
        withdrawn_at: None,
        version: 1,
        created_at: write.now(),
        updated_at: write.now(),
    }
}

fn check_receiver(checks: &mut Checks, receiver: &organization::Model) {
    checks.require(
        receiver.kind == OrganizationKind::Enterprise && receiver.status == OrganizationStatus::Verified,
        "organizationId",
        "organizationId: expected a verified enterprise.",
        "organizationId 应为已核验的企业。",
    );
}

fn check_notice(checks: &mut Checks, read: i32) {
    if read != NOTICE_VERSION {
        let message = Text::new(
            format!("The notice is at version {NOTICE_VERSION}; read it again before you consent."),
            format!("告知书当前为第 {NOTICE_VERSION} 版，请重新阅读后再同意。"),
        );
        checks.problem("noticeVersion", Code::Conflict, message);
    }
}

/// Takes a consent back. One that has ended already stays as it is.
///
/// # Errors
/// `NOT_FOUND` for a consent that the actor does not see, FORBIDDEN for one that another gave.
pub async fn withdraw(app: &App, actor: &Actor, input: &ShareConsentWithdrawInput) -> Result<Uuid> {
    app.db()
        .write(move |tx| async move {
            store::hold(&tx, actor.user()).await?;
            let facts = store::facts(&tx, actor, input.id.key()).await?;
            let write = tx.permit(actor, Action::Take(Step::Withdraw), &facts).await?;
            if share_consent::Entity::allows(facts.consent.status, Step::Withdraw) {
                end(&write, &facts, Step::Withdraw).await?;
                notices::withdrawn(&write, &facts.consent).await?;
            }
            Ok(facts.consent.id)
        })
        .await
}

/// Takes back everything that the actor consented to, or everything for one enterprise; says how many consents it
/// were.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_all(app: &App, actor: &Actor, input: &ShareConsentWithdrawAllInput) -> Result<usize> {
    app.db()
        .write(move |tx| async move {
            store::hold(&tx, actor.user()).await?;
            tx.permit(actor, Own::WithdrawAll, &Student::of(actor)).await?;
            withdraw_each(&tx, actor, input.organization_id.map(Id::key)).await
        })
        .await
}

/// Takes back what the actor consented to, in a transaction of the actor's own that holds the student.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_each(tx: &Tx, actor: &Actor, organization: Option<Uuid>) -> Result<usize> {
    let mut withdrawn = 0;
    for facts in store::given_by(tx, actor.user()).await? {
        if organization.is_some_and(|organization| organization != facts.consent.organization_id) {
            continue;
        }
        let write = tx.permit(actor, Action::Take(Step::Withdraw), &facts).await?;
        end(&write, &facts, Step::Withdraw).await?;
        notices::withdrawn(&write, &facts.consent).await?;
        withdrawn += 1;
    }
    Ok(withdrawn)
}

/// Ends a consent whose row is held. It is withdrawn no earlier than it was last read under: whoever reads has taken the
/// time before taking the row.
pub(super) async fn end(write: &Write, facts: &Facts, step: Step) -> Result<()> {
    let mut changes = share_consent::ActiveModel::default();
    if step == Step::Withdraw {
        let last = store::last_read(write.tx(), facts.consent.id).await?;
        changes.withdrawn_at = Set(Some(last.map_or(write.now(), |last| last.max(write.now()))));
    }
    let event = Event::new(rules::happened(step)).with("organization", facts.consent.organization_id);
    write.take(&facts.stands_alone(), step, changes, event).await.map(drop)
}

/// Ends the consents whose last day is past and those to an earlier notice; says how many. Safe to run at any time, on
/// every replica.
///
/// # Errors
/// When the database fails.
pub async fn end_outlived(app: &App) -> Result<usize> {
    let mut ended = 0;
    for id in store::outlived(app.db().reader(), app.db().clock().now()).await? {
        let moved = app.db().write(move |tx| async move {
            let facts = store::facts_for_job(&tx, id).await?;
            // Another replica, or the student, may have been faster.
            let step = facts.ending(tx.now());
            if !share_consent::Entity::allows(facts.consent.status, step) {
                return Ok(0);
            }
            let write = tx.under(Permit::system(Job::EndConsents, rules::record(id)));
            end(&write, &facts, step).await?;
            Ok(1)
        });
        ended += moved.await?;
    }
    Ok(ended)
}

/// A résumé that somebody is about to read, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The résumé.
    pub resume: Uuid,
    /// The student.
    pub student: Uuid,
}

/// Whether the student consents now that the enterprise reads this, and nobody takes that back before the transaction
/// ends: what other slices ask before they show or do something that needs a consent.
///
/// # Errors
/// When the database fails.
pub async fn holds(tx: &Tx, (student, organization): (Uuid, Uuid), category: ShareCategory) -> Result<bool> {
    let consents = store::live(tx, (organization, &[student]), tx.now()).await?;
    Ok(consents.iter().any(|consent| rules::covers(consent, category)))
}

/// Writes down that the actor reads this of these résumés, each under a consent that holds at this moment; gives those
/// reads that were written down. Nothing else may be shown.
///
/// # Errors
/// UNAUTHENTICATED when the actor's session or membership has ended; when the database fails.
pub async fn record_reads(
    db: &Db,
    actor: &Actor,
    (opened, category): (&[Opened], ShareCategory),
) -> Result<Vec<resume_access::Model>> {
    let students: Vec<Uuid> = opened.iter().map(|opened| opened.student).collect();
    let students = &students;
    db.write(move |tx| async move {
        let consents = store::live(&tx, (actor.organization(), students), tx.now()).await?;
        let consents: Vec<Facts> = consents.into_iter().map(|consent| Facts { consent }).collect();
        let serves = |facts: &&Facts| rules::covers(&facts.consent, category) && facts.allows(actor, Action::Open);
        let Some(first) = consents.iter().find(serves) else { return Ok(Vec::new()) };
        let write = tx.permit(actor, Action::Open, first).await?;
        let mut reads = Vec::new();
        for one in opened {
            let under = consents.iter().filter(serves).find(|facts| facts.consent.student_id == one.student);
            let read = |facts: &Facts| read(&write, (actor.user(), *one), (&facts.consent, category));
            reads.extend(under.map(read));
        }
        write.insert_all(reads.iter().cloned().map(IntoActiveModel::into_active_model).collect()).await?;
        Ok(reads)
    })
    .await
}

fn read(
    write: &Write,
    (user, opened): (Uuid, Opened),
    (consent, category): (&share_consent::Model, ShareCategory),
) -> resume_access::Model {
    resume_access::Model {
        id: write.id(),
        resume_id: opened.resume,
        student_id: opened.student,
        consent_id: consent.id,
        organization_id: consent.organization_id,
        user_id: user,
        category,
        channel: AccessChannel::Api,
        at: write.now(),
    }
}

/// Writes down that a file is fetched from the address that was given out by this read, if the enterprise may still
/// read it; says whether it may.
///
/// # Errors
/// When the database fails.
pub async fn record_fetch(db: &Db, given_out: Uuid) -> Result<bool> {
    db.write(move |tx| async move {
        let Some(earlier) = store::access(&tx, given_out).await? else { return Ok(false) };
        let consents = store::live(&tx, (earlier.organization_id, &[earlier.student_id]), tx.now()).await?;
        let covering = |consent: &&share_consent::Model| rules::covers(consent, earlier.category);
        let Some(consent) = consents.iter().find(covering) else { return Ok(false) };
        let write = tx.under(Permit::system(Job::FetchFiles, rules::record(consent.id)));
        let opened = Opened { resume: earlier.resume_id, student: earlier.student_id };
        let fetched = resume_access::Model {
            channel: AccessChannel::FileUrl,
            ..read(&write, (earlier.user_id, opened), (consent, earlier.category))
        };
        write.insert(fetched.into_active_model()).await?;
        Ok(true)
    })
    .await
}
