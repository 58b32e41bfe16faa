//! The statements of T3 and T4, and TM1: an application with its event, the head of its chain, and a notification for
//! whoever recruits.

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use hezuo::platform::{
    clock::{self, Clock},
    id,
};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, postgres::PgQueryResult};
use uuid::Uuid;

use crate::{
    Limit,
    write::{Happened, record},
};

pub(crate) const T3: &str = r#"
WITH page AS (
  SELECT id, title, starts_at, status FROM recruitment_event WHERE {event} ORDER BY id LIMIT 20
)
SELECT json_build_object('recruitmentEvents', json_build_object(
  'nodes', COALESCE(json_agg(row_to_json(node) ORDER BY node.id), '[]')))::text
FROM page
CROSS JOIN LATERAL (
  SELECT json_build_object('nodes', COALESCE(json_agg(row_to_json(shown) ORDER BY shown.id), '[]')) AS list
  FROM (
    SELECT id, title, family FROM job_position WHERE event_id = page.id AND {position} ORDER BY id LIMIT 10
  ) p
  CROSS JOIN LATERAL (
    SELECT json_build_object('nodes', COALESCE(json_agg(row_to_json(made)), '[]')) AS list FROM (
      SELECT application.id, application.status, row_to_json(university) AS university
      FROM application
      LEFT JOIN LATERAL (
        SELECT id, name FROM organization WHERE id = application.university_id AND {organization}
      ) university ON TRUE
      WHERE application.position_id = p.id AND {application} ORDER BY application.id LIMIT 10
    ) made
  ) applications
  CROSS JOIN LATERAL (
    SELECT p.id, p.title, p.family, applications.list AS applications
  ) shown
) positions
CROSS JOIN LATERAL (
  SELECT page.id, page.title, page.starts_at AS "startsAt", page.status, positions.list AS positions
) node"#;

/// Of one event: which stages each student reached, and how many students each stage.
pub(crate) const T4: &str = r"
WITH attended AS (
  SELECT DISTINCT student_id FROM event_registration
  WHERE event_id = $1 AND checked_in_at <= now() AND {registration}
), applied AS (
  SELECT application.student_id, bool_or(interviewed_at <= now()) AS s1, bool_or(intention_confirmed_at <= now()) AS s2,
    bool_or(offered_at <= now()) AS s3, bool_or(accepted_at <= now()) AS s4, bool_or(record.created_at <= now()) AS s5,
    bool_or(onboarded_at <= now()) AS s6, bool_or(retained.updated_at <= now()) AS s7
  FROM application
  LEFT JOIN employment_record record ON record.application_id = application.id
  LEFT JOIN retention_check retained ON retained.record_id = record.id AND retained.status = 'RETAINED'
  WHERE event_id = $1 AND interviewed_at <= now() AND {application}
  GROUP BY application.student_id
), students AS (
  SELECT attended.student_id IS NOT NULL AS s0, s1, s2, s3, s4, s5, s6, s7
  FROM attended FULL JOIN applied ON applied.student_id = attended.student_id
), counted AS (
  SELECT ARRAY[count(*) FILTER (WHERE s0), count(*) FILTER (WHERE s1), count(*) FILTER (WHERE s2),
      count(*) FILTER (WHERE s3), count(*) FILTER (WHERE s4), count(*) FILTER (WHERE s5), count(*) FILTER (WHERE s6),
      count(*) FILTER (WHERE s7)] AS reached,
    ARRAY[NULL, count(*) FILTER (WHERE s1 AND s0), count(*) FILTER (WHERE s2 AND s1), count(*) FILTER (WHERE s3 AND s2),
      count(*) FILTER (WHERE s4 AND s3), count(*) FILTER (WHERE s5 AND s4), count(*) FILTER (WHERE s6 AND s5),
      count(*) FILTER (WHERE s7 AND s6)] AS previous,
    ARRAY[NULL, count(*) FILTER (WHERE s1 AND s0), count(*) FILTER (WHERE s2 AND s0), count(*) FILTER (WHERE s3 AND s0),
      count(*) FILTER (WHERE s4 AND s0), count(*) FILTER (WHERE s5 AND s0), count(*) FILTER (WHERE s6 AND s0),
      count(*) FILTER (WHERE s7 AND s0)] AS first
  FROM students
)
SELECT json_build_object('talentFunnel', json_build_object('stages', json_agg(json_build_object(
  'stage', stage, 'students', reached[at],
  'ofPrevious', CASE WHEN at > 1 AND reached[at - 1] > 0
    THEN json_build_object('students', previous[at], 'of', reached[at - 1]) END,
  'ofFirst', CASE WHEN at > 1 AND reached[1] > 0 THEN json_build_object('students', first[at], 'of', reached[1]) END
) ORDER BY at)))::text
FROM counted CROSS JOIN unnest(ARRAY['ATTENDED', 'INTERVIEWED', 'INTENTION', 'OFFERED', 'ACCEPTED', 'SIGNED',
  'ONBOARDED', 'RETAINED']) WITH ORDINALITY AS stages(stage, at)";

/// What TM1 is decided from: the position, its enterprise, the consent and the résumé, as they stand until it is
/// written; and whether the student has applied before.
const FACTS: &str = "SELECT p.organization_id, p.apply_by, r.id, r.university_id \
    FROM job_position p \
    JOIN organization o ON o.id = p.organization_id AND o.status = 'VERIFIED' \
    JOIN share_consent c ON c.organization_id = o.id AND c.student_id = $2 AND c.status = 'GIVEN' AND c.profile \
      AND c.notice_version = 1 AND c.expires_at > $3 \
    JOIN resume r ON r.student_id = $2 AND r.erased_at IS NULL \
    WHERE p.id = $1 AND p.status = 'PUBLISHED' AND NOT EXISTS (SELECT FROM application a \
      WHERE a.position_id = $1 AND a.student_id = $2 AND a.status <> 'WITHDRAWN') \
    FOR SHARE OF p, o, c FOR UPDATE OF r";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewApplication {
    position_id: Uuid,
    student_id: Uuid,
    letter: String,
}

#[derive(Serialize)]
pub(crate) struct Application {
    id: Uuid,
    status: String,
    letter: Option<String>,
}

/// The enterprise, the last day to apply, the résumé and the university.
type Facts = (Uuid, NaiveDate, Uuid, Uuid);

/// Applies for a position; `None` when the rules refuse it.
pub(crate) async fn apply(limit: &Limit, new: &NewApplication) -> sqlx::Result<Option<Application>> {
    let now = Clock::System.now().trunc_subsecs(6);
    let mut transaction = limit.pool.begin().await?;
    let facts: Option<Facts> = sqlx::query_as(FACTS)
        .bind(new.position_id)
        .bind(new.student_id)
        .bind(now)
        .fetch_optional(&mut *transaction)
        .await?;
    let in_time = |(_, apply_by, ..): &Facts| *apply_by >= clock::day(now);
    let Some(facts) = facts.filter(in_time).filter(|_| new.letter.chars().count() <= 2_000) else { return Ok(None) };
    let application = application(&mut transaction, (new, &facts), now).await?;
    let (enterprise, .., university) = facts;
    let happened = Happened {
        kind: "ApplicationSubmitted",
        record: ("application", application.id),
        action: "position.apply",
        by: (new.student_id, "STUDENT", university),
        data: format!(r#"{{"organization":"{enterprise}","position":"{}"}}"#, new.position_id),
    };
    record(&mut transaction, happened, now).await?;
    tell(&mut transaction, (&application, enterprise), now).await?;
    transaction.commit().await?;
    Ok(Some(application))
}

async fn application(
    db: &mut PgConnection,
    (new, (enterprise, _, resume, university)): (&NewApplication, &Facts),
    now: DateTime<Utc>,
) -> sqlx::Result<Application> {
    let (id, status, letter) = sqlx::query_as(
        "INSERT INTO application (id, position_id, organization_id, student_id, university_id, resume_id, letter, status, \
         version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'SUBMITTED', 1, $8, $8) \
         RETURNING id, status, letter",
    )
    .bind(id::new(now))
    .bind(new.position_id)
    .bind(enterprise)
    .bind(new.student_id)
    .bind(university)
    .bind(resume)
    .bind(&new.letter)
    .bind(now)
    .fetch_one(db)
    .await?;
    Ok(Application { id, status, letter })
}

/// A notification for everyone who recruits for the enterprise.
async fn tell(
    db: &mut PgConnection,
    (application, enterprise): (&Application, Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<PgQueryResult> {
    sqlx::query(
        "INSERT INTO notification (id, user_id, organization_id, kind, record_kind, record_id, created_at) \
         SELECT gen_random_uuid(), m.user_id, m.organization_id, 'APPLICATION_SUBMITTED', 'application', $1, $2 \
         FROM membership m JOIN \"user\" u ON u.id = m.user_id AND u.status = 'ACTIVE' \
         WHERE m.organization_id = $3 AND m.role IN ('ENTERPRISE_ADMIN', 'ENTERPRISE_RECRUITER') \
         AND m.status = 'ACTIVE'",
    )
    .bind(application.id)
    .bind(now)
    .bind(enterprise)
    .execute(db)
    .await
}
