-- What an organization wants a figure to reach, from a day on: the past keeps the goal it had. A row without a target
-- says that there is none from then on, not even the figure's own.
create table metric_goal (
  organization_id uuid not null references organization (organization_id),
  metric_key text not null,
  -- UTC's.
  valid_from date not null,
  -- In the figure's unit: from the target on it is green, from the other bound on amber. Null: nothing is amber.
  target float8,
  amber float8,
  member_name text not null,
  set_at timestamptz not null,
  primary key (organization_id, metric_key, valid_from),
  check (target is not null or amber is null)
);
