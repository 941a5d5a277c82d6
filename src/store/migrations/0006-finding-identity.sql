-- What a finding is about, and what it is known again by when neither its scanner's name for it nor its text held.
alter table finding
  add column kind text not null default 'code' check (kind in ('code', 'dependency', 'secret', 'configuration', 'web')),
  add column place_key text,
  add column moved_key text,
  add column sketch text,
  add column advisory_names text[] not null default '{}';
