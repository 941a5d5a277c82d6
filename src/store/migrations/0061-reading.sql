alter table feed
  -- How often a webhook or a person wanted it read at once, and how many of them the pass that began last has heard.
  add column wakes integer not null default 0,
  add column wakes_seen integer not null default 0,
  -- The credential that was refused; another one is tried at once.
  add column refused_version integer,
  -- The repository-wide activity is refused, and each pull request is asked for its own.
  add column is_by_pull_request boolean not null default false;

-- The same record is met again and again, and is one.
alter table bad_record add column fingerprint text not null default '';
create unique index bad_record_once on bad_record (organization_id, feed_id, fingerprint);

alter table pull_request
  -- The remote's own word for when it was closed, where it has one.
  add column remote_closed_at timestamptz,
  -- What says when it was merged or closed; updated_at is an approximation, and flagged as one.
  add column closing_source text check (closing_source in ('activity', 'closed_on', 'updated_on'));
