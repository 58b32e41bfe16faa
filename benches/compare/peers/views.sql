-- What PostGraphile needs to count agreements by county and status.
CREATE VIEW agreement_count AS
  SELECT county_id, status, count(*)::int AS count FROM agreement GROUP BY county_id, status;
COMMENT ON VIEW agreement_count IS
  E'@primaryKey county_id,status\n@foreignKey (county_id) references organization (id)';
