-- One change of many vulnerabilities at once. Which ones is settled when it is asked for: rows that come later are not
-- swept up. The rows are the truth of how far it is; the job that works on them may die at any moment.
create table bulk_change (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  member_id uuid not null,
  member_name text not null,
  token_id uuid,
  kind text not null check (kind in ('move', 'assign', 'tags', 'severity', 'send', 'undo')),
  change jsonb not null,
  -- The filters of the list, where all that matched were meant.
  filters jsonb,
  state text not null check (state in ('running', 'done', 'cancelled')),
  total integer not null,
  changed integer not null default 0,
  unchanged integer not null default 0,
  refused integer not null default 0,
  -- The change this one takes back.
  undoes uuid,
  -- When a batch last ended: a running one that stands still has lost its job.
  worked_at timestamptz not null,
  finished_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references member (organization_id, id),
  foreign key (organization_id, undoes) references bulk_change (organization_id, id)
);
create index bulk_change_member on bulk_change (organization_id, member_id);
-- A change is taken back once.
create unique index bulk_change_undoes on bulk_change (organization_id, undoes) where undoes is not null;
create index bulk_change_running on bulk_change (worked_at) where state = 'running';

create table bulk_change_item (
  organization_id uuid not null,
  bulk_change_id uuid not null,
  vulnerability_id uuid not null,
  state text not null default 'waiting' check (state in ('waiting', 'changed', 'unchanged', 'refused')),
  reason text,
  -- What the change is about, as it was when it was asked for: somebody else's change in between is a conflict.
  seen text,
  -- What undoing brings back.
  before jsonb,
  primary key (organization_id, bulk_change_id, vulnerability_id),
  foreign key (organization_id, bulk_change_id) references bulk_change (organization_id, id),
  -- What an undone import made goes again unless somebody worked on it, and being refused is no work.
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id) on delete cascade
);
create index bulk_change_item_state on bulk_change_item (organization_id, bulk_change_id, state, vulnerability_id);
create index bulk_change_item_vulnerability on bulk_change_item (organization_id, vulnerability_id);

alter table vulnerability_event add column bulk_change_id uuid;
