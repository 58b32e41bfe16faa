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
    SELECT at, stage, count(*) FILTER (WHERE here) AS students, count(*) FILTER (WHERE here AND before) AS previous,
      count(*) FILTER (WHERE here AND attended) AS first
    FROM students CROSS JOIN LATERAL (VALUES
      (1, 'ATTENDED', attended, false), (2, 'INTERVIEWED', interviewed, attended), (3, 'INTENTION', intention, interviewed),
      (4, 'OFFERED', offered, intention), (5, 'ACCEPTED', accepted, offered), (6, 'SIGNED', signed, accepted),
      (7, 'ONBOARDED', onboarded, signed), (8, 'RETAINED', retained, onboarded)) AS stages(at, stage, here, before)
    GROUP BY at, stage
  ), rated AS (
    SELECT at, stage, students, previous, first, lag(students) OVER (ORDER BY at) AS of_previous,
      first_value(students) OVER (ORDER BY at) AS of_first
    FROM counted
  )
  SELECT stage, students::int,
    CASE WHEN at > 1 AND of_previous > 0 THEN ROW(previous, of_previous)::talent_funnel_rate END,
    CASE WHEN at > 1 AND of_first > 0 THEN ROW(first, of_first)::talent_funnel_rate END
  FROM rated ORDER BY at
$$;
