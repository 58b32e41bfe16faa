//! What is said at the end: how to sign in, and records to ask for.

use entity::{
    agreement, agreement_party,
    job_position::{self, PositionStatus},
    recruitment_event,
};
use hezuo::{app::App, platform::id};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PASSWORD, students::Student, town::Town};

/// Events of one page: their positions are shown in lists, and nobody applies for them while it is measured.
const PAGE: usize = 20;

/// Prints it as one line of JSON.
#[expect(clippy::print_stdout, reason = "a bench prints")]
pub(crate) async fn tell(app: &App, town: &Town, applicants: &[Student]) {
    let active = agreement::Entity::find()
        .filter(agreement::Column::Status.eq(agreement::AgreementStatus::Active))
        .order_by_asc(agreement::Column::Id);
    let active = active.all(app.db().reader()).await.unwrap();
    // Not the first ones, which lists show: what is written under these changes nobody's page.
    let many: Vec<_> = active.iter().skip(active.len() / 5).step_by(active.len() / 122).take(97).collect();
    let under = agreement_party::Entity::find()
        .filter(agreement_party::Column::AgreementId.is_in(many.iter().map(|it| it.id)))
        .filter(agreement_party::Column::Position.eq(2))
        .order_by_asc(agreement_party::Column::AgreementId);
    let under = under.all(app.db().reader()).await.unwrap();
    let under: Vec<_> = many.iter().zip(under).map(|(it, party)| shown(it, party.organization_id)).collect();
    let login =
        |login: &str, organization: Uuid| json!({ "login": login, "password": PASSWORD, "organization": organization });
    let asked = active[active.len() / 2].id;
    let events = recruitment_event::Entity::find().order_by_asc(recruitment_event::Column::Id);
    let events: Vec<Uuid> =
        events.select_only().column(recruitment_event::Column::Id).into_tuple().all(app.db().reader()).await.unwrap();
    let open = open(app, &events[PAGE..]).await;
    assert!(open.len() % applicants.len() != 0, "{} positions: each student applies for each of them once", open.len());
    let applicant = |(at, student): (usize, &Student)| json!({ "login": format!("applicant-{at}"), "password": PASSWORD, "key": student.user, "resumeKey": student.resume });
    println!(
        "{}",
        json!({
            "bench": login("bench", town.university().id),
            "benchEnterprise": login("bench-enterprise", town.enterprise(0, 0).id),
            "benchCounty": login("bench-county", town.county(0).id),
            "agreement": { "id": id::show("agreement", asked), "key": asked },
            "active": under[0],
            "activeMany": under,
            "event": { "id": id::show("recruitment_event", events[PAGE / 2]), "key": events[PAGE / 2] },
            "open": open,
            "applicants": applicants.iter().enumerate().map(applicant).collect::<Vec<_>>(),
            "university": { "id": id::show("organization", town.university().id), "key": town.university().id },
        })
    );
}

/// An agreement under which items can be created, with who would do them and by when.
fn shown(agreement: &agreement::Model, enterprise: Uuid) -> Value {
    json!({
        "id": id::show("agreement", agreement.id),
        "key": agreement.id,
        "version": agreement.version,
        "responsibleId": id::show("organization", enterprise),
        "responsibleKey": enterprise,
        "dueOn": agreement.ends_on,
    })
}

/// The positions of these events for which students apply, one enterprise after the other.
async fn open(app: &App, events: &[Uuid]) -> Vec<Value> {
    use job_position::Column;
    let open = job_position::Entity::find()
        .select_only()
        .columns([Column::Id, Column::OrganizationId])
        .filter(Column::EventId.is_in(events.iter().copied()))
        .filter(Column::Status.eq(PositionStatus::Published))
        .order_by_asc(Column::Id);
    let open: Vec<(Uuid, Uuid)> = open.into_tuple().all(app.db().reader()).await.unwrap();
    let shown = |(key, enterprise): (Uuid, Uuid)| json!({ "id": id::show("position", key), "key": key, "organizationKey": enterprise });
    open.into_iter().map(shown).collect()
}
