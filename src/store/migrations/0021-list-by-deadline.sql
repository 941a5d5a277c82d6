-- Filtered by deadline and ordered by severity, most of what is worst is late, and walked past: the index tells it by itself,
-- without a look at each row.
drop index vulnerability_by_severity;
create index vulnerability_by_severity on vulnerability (organization_id, on_default_branch, is_open,
  array_position(array['critical', 'high', 'medium', 'low', 'notification'], severity),
  (-coalesce(epss_probability, 0)), opened_at, id)
  include (severity, epss_probability, due_at, approaches_at, sla_paused_at) where merged_into is null;
-- Of those closed, only an accepted risk has a clock.
create index vulnerability_accepted on vulnerability (organization_id, on_default_branch,
  array_position(array['critical', 'high', 'medium', 'low', 'notification'], severity),
  (-coalesce(epss_probability, 0)), opened_at, id)
  include (severity, epss_probability, due_at, approaches_at, sla_paused_at)
  where status = 'risk_accepted' and not is_open and merged_into is null;
