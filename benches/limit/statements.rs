//! The statements of the reads. What somebody may see is said where it decides: below an agreement that may be seen its
//! parties and items may be.

use std::sync::Arc;

use uuid::Uuid;

use crate::talent::{T3, T4};

/// The statements, each prepared once on every connection.
pub(crate) struct Statements {
    pub(crate) q1: Arc<str>,
    pub(crate) q2: Arc<str>,
    pub(crate) q3: Arc<str>,
    pub(crate) q4: Arc<str>,
    pub(crate) t3: Arc<str>,
    pub(crate) t4: Arc<str>,
    pub(crate) m1: Arc<str>,
}

const Q1: &str = "SELECT id, number, title, status, ends_on FROM agreement WHERE id = $1 AND {agreement}";

const Q2: &str = r#"
WITH found AS (
  SELECT id, number, title, status, starts_on, ends_on FROM agreement WHERE {agreement} ORDER BY id LIMIT 21
), page AS (
  SELECT * FROM found ORDER BY id LIMIT 20
)
SELECT json_build_object('agreements', json_build_object(
  'nodes', COALESCE(json_agg(row_to_json(node) ORDER BY node.id), '[]'),
  'pageInfo', json_build_object(
    'hasNextPage', (SELECT count(*) > 20 FROM found),
    'endCursor', (SELECT id FROM page ORDER BY id DESC LIMIT 1))))::text
FROM page
CROSS JOIN LATERAL (
  SELECT COALESCE(json_agg(row_to_json(party)), '[]') AS list FROM (
    SELECT p.capacity, p.role, row_to_json(organization) AS organization
    FROM agreement_party p
    LEFT JOIN LATERAL (
      SELECT id, name FROM organization WHERE id = p.organization_id AND {organization}
    ) organization ON TRUE
    WHERE p.agreement_id = page.id ORDER BY p.position, p.id LIMIT 20
  ) party
) parties
CROSS JOIN LATERAL (
  SELECT json_build_object('nodes', COALESCE(json_agg(row_to_json(item)), '[]')) AS list FROM (
    SELECT title, due_on AS "dueOn", status FROM cooperation_item
    WHERE agreement_id = page.id ORDER BY due_on, id LIMIT 10
  ) item
) items
CROSS JOIN LATERAL (
  SELECT page.id, page.number, page.title, page.status, page.starts_on AS "startsOn", page.ends_on AS "endsOn",
    parties.list AS parties, items.list AS items
) node"#;

const Q3: &str = r#"
WITH page AS (
  SELECT id, name, region_code FROM organization WHERE kind = 'COUNTY' AND {organization} ORDER BY id LIMIT 20
)
SELECT json_build_object('organizations', json_build_object(
  'nodes', COALESCE(json_agg(row_to_json(node) ORDER BY node.id), '[]')))::text
FROM page
CROSS JOIN LATERAL (
  SELECT json_build_object('nodes', COALESCE(json_agg(row_to_json(shown) ORDER BY shown.id), '[]')) AS list
  FROM (
    SELECT agreement.id, agreement.number, agreement.title, agreement.status, agreement.ends_on
    FROM agreement_party named JOIN agreement ON agreement.id = named.agreement_id
    WHERE named.organization_id = page.id AND {agreement} ORDER BY named.agreement_id LIMIT 10
  ) a
  CROSS JOIN LATERAL (
    SELECT json_build_object('nodes', COALESCE(json_agg(row_to_json(item)), '[]')) AS list FROM (
      SELECT i.id, i.title, i.due_on AS "dueOn", i.status, i.target::text AS target, i.actual::text AS actual,
        row_to_json(responsible) AS responsible
      FROM cooperation_item i
      LEFT JOIN LATERAL (
        SELECT id, name, kind, credit_code AS "creditCode" FROM organization
        WHERE id = i.responsible_id AND {organization}
      ) responsible ON TRUE
      WHERE i.agreement_id = a.id ORDER BY i.due_on, i.id LIMIT 10
    ) item
  ) items
  CROSS JOIN LATERAL (
    SELECT a.id, a.number, a.title, a.status, a.ends_on AS "endsOn", items.list AS items
  ) shown
) agreements
CROSS JOIN LATERAL (
  SELECT page.id, page.name, page.region_code AS "regionCode", agreements.list AS agreements
) node"#;

const Q4: &str = r"
SELECT json_build_object('agreementCounts', COALESCE(json_agg(row_to_json(shown)), '[]'))::text FROM (
  SELECT row_to_json(county) AS county, counted.status, counted.count FROM (
    SELECT county_id, status, count(*) AS count FROM {counted}
    GROUP BY county_id, status ORDER BY county_id, status
  ) counted
  LEFT JOIN LATERAL (
    SELECT id, name FROM organization WHERE id = counted.county_id AND {organization}
  ) county ON TRUE
  ORDER BY counted.county_id, counted.status
) shown";

/// What M1 is decided from: the agreement, held until it is written.
const M1: &str = "SELECT status, starts_on, ends_on, \
    EXISTS (SELECT FROM agreement_party p WHERE p.agreement_id = agreement.id AND p.organization_id = $2 \
      AND p.role = 'REQUIRED') AS binds \
    FROM agreement WHERE id = $1 AND {agreement} FOR UPDATE";

impl Statements {
    pub(crate) fn new(organization: Option<Uuid>) -> Self {
        let with = |text: &str| {
            let seen = [
                ("{agreement}", agreements(organization)),
                ("{counted}", counted(organization)),
                ("{organization}", organizations(organization)),
                ("{event}", events(organization)),
                ("{position}", positions(organization)),
                ("{registration}", students_of("event_registration", organization)),
                ("{application}", students_of("application", organization)),
            ];
            seen.iter().fold(text.to_owned(), |text, (name, rule)| text.replace(name, rule)).into()
        };
        Self { q1: with(Q1), q2: with(Q2), q3: with(Q3), q4: with(Q4), t3: with(T3), t4: with(T4), m1: with(M1) }
    }
}

/// Which agreements a member of the organization sees.
fn agreements(organization: Option<Uuid>) -> String {
    let Some(own) = organization else { return "TRUE".to_owned() };
    format!(
        "(agreement.drafted_by_id = '{own}' OR (agreement.status <> 'DRAFT' AND agreement.content_hash IS NOT NULL \
         AND agreement.id IN (SELECT agreement_id FROM agreement_party WHERE organization_id = '{own}')))"
    )
}

/// Where agreements are counted that a member of the organization sees.
fn counted(organization: Option<Uuid>) -> String {
    let Some(own) = organization else { return "agreement".to_owned() };
    format!("agreement_party WHERE organization_id = '{own}' AND (drafted_by_id = '{own}' OR shared)")
}

/// Which organizations a member of the organization sees.
fn organizations(organization: Option<Uuid>) -> String {
    let Some(own) = organization else { return "TRUE".to_owned() };
    format!(
        "(organization.status = 'VERIFIED' OR (organization.status = 'MERGED' AND organization.verified_at IS NOT NULL) \
         OR organization.id = '{own}' OR organization.merged_into_id = '{own}')"
    )
}

/// Which events a member of the organization sees.
fn events(organization: Option<Uuid>) -> String {
    let Some(own) = organization else { return "TRUE".to_owned() };
    format!(
        "(recruitment_event.published_at IS NOT NULL OR recruitment_event.organizer_id = '{own}' \
         OR recruitment_event.id IN (SELECT event_id FROM event_exhibitor WHERE organization_id = '{own}'))"
    )
}

/// Which positions a member of the organization sees.
fn positions(organization: Option<Uuid>) -> String {
    let Some(own) = organization else { return "TRUE".to_owned() };
    format!("(job_position.published_at IS NOT NULL OR job_position.organization_id = '{own}')")
}

/// What of its students the staff of the university sees.
fn students_of(table: &str, organization: Option<Uuid>) -> String {
    organization.map_or_else(|| "TRUE".to_owned(), |own| format!("{table}.university_id = '{own}'"))
}
