-- What PostGraphile needs to count agreements by county and status …
CREATE VIEW agreement_count AS
  SELECT county_id, status, count(*)::int AS count FROM agreement GROUP BY county_id, status;
COMMENT ON VIEW agreement_count IS
  E'@primaryKey county_id,status\n@foreignKey (county_id) references organization (id)';

-- … and for the talent funnel of one event: of the students who reached a stage, how many had reached the stage before and the
-- first one.
CREATE TYPE talent_funnel_rate AS (students int, of int);
CREATE TYPE talent_funnel_stage AS (stage text, students int, of_previous talent_funnel_rate, of_first talent_funnel_rate);
CREATE FUNCTION talent_funnel(event uuid) RETURNS SETOF talent_funnel_stage LANGUAGE sql STABLE AS $$
  WITH attended AS (
    SELECT DISTINCT student_id FROM event_registration WHERE event_id = event AND checked_in_at <= now()
  ), applied AS (
    SELECT a.student_id, bool_or(a.interviewed_at <= now()) AS interviewed,
      bool_or(a.intention_confirmed_at <= now()) AS intention, bool_or(a.offered_at <= now()) AS offered,
      bool_or(a.accepted_at <= now()) AS accepted, bool_or(e.created_at <= now()) AS signed,
      bool_or(a.onboarded_at <= now()) AS onboarded, bool_or(c.updated_at <= now()) AS retained
    FROM application a
    LEFT JOIN employment_record e ON e.application_id = a.id
    LEFT JOIN retention_check c ON c.record_id = e.id AND c.status = 'RETAINED'
    WHERE a.event_id = event AND a.interviewed_at <= now()
    GROUP BY a.student_id
  ), students AS (
    SELECT t.student_id IS NOT NULL AS attended, interviewed, intention, offered, accepted, signed, onboarded, retained
    FROM attended t FULL JOIN applied a ON a.student_id = t.student_id
  ), counted AS (
    SELECT ARRAY[count(*) FILTER (WHERE attended),
      count(*) FILTER (WHERE interviewed),
      count(*) FILTER (WHERE intention),
      count(*) FILTER (WHERE offered),
      count(*) FILTER (WHERE accepted),
      count(*) FILTER (WHERE signed),
      count(*) FILTER (WHERE onboarded),
      count(*) FILTER (WHERE retained)] AS reached,
      ARRAY[count(*) FILTER (WHERE attended AND attended),
      count(*) FILTER (WHERE interviewed AND attended),
      count(*) FILTER (WHERE intention AND interviewed),
      count(*) FILTER (WHERE offered AND intention),
      count(*) FILTER (WHERE accepted AND offered),
      count(*) FILTER (WHERE signed AND accepted),
      count(*) FILTER (WHERE onboarded AND signed),
      count(*) FILTER (WHERE retained AND onboarded)] AS previous,
      ARRAY[count(*) FILTER (WHERE attended AND attended),
      count(*) FILTER (WHERE interviewed AND attended),
      count(*) FILTER (WHERE intention AND attended),
      count(*) FILTER (WHERE offered AND attended),
      count(*) FILTER (WHERE accepted AND attended),
      count(*) FILTER (WHERE signed AND attended),
      count(*) FILTER (WHERE onboarded AND attended),
      count(*) FILTER (WHERE retained AND attended)] AS first
    FROM students
  )
  SELECT stage, reached[at]::int,
    CASE WHEN at > 1 AND reached[at - 1] > 0 THEN ROW(previous[at], reached[at - 1])::talent_funnel_rate END,
    CASE WHEN at > 1 AND reached[1] > 0 THEN ROW(first[at], reached[1])::talent_funnel_rate END
  FROM counted CROSS JOIN unnest(ARRAY['ATTENDED', 'INTERVIEWED', 'INTENTION', 'OFFERED', 'ACCEPTED', 'SIGNED',
    'ONBOARDED', 'RETAINED']) WITH ORDINALITY AS stages(stage, at)
  ORDER BY at
$$;
