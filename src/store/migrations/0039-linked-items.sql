-- An item that people parted from its vulnerability: it stays at the tracker, may be linked to another one, and what
-- happens to it is none of ours. The row keeps its comments, so that the same two can be linked again.
alter table defect add column unlinked_at timestamptz,
  -- Title, priority, due date and labels as they are kept in step: {of, sent, seen}, read by usecases/sync/kept-fields.ts.
  add column kept jsonb not null default '{}';
drop index defect_remote;
create unique index defect_remote on defect (organization_id, tracker, container_id, remote_id)
  where remote_id is not null and unlinked_at is null;
alter table operation drop constraint operation_kind_check;
alter table operation add constraint operation_kind_check check (kind in ('create_defect', 'push_state', 'push_fields',
  'create_comment', 'update_comment', 'delete_comment', 'release_item'));
-- What is kept in step is compared with what became of the vulnerability every minute.
create index defect_kept on defect (organization_id, vulnerability_id) where kept <> '{}' and ended_at is null;
