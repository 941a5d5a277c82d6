-- What happened to an import, line by line, in the order it was written: stages with their length, what the guard said,
-- who decided. What the import's own row tells (who sent what, when) is not told here again.
create table import_log (
  organization_id uuid not null,
  import_id uuid not null,
  position integer not null,
  at timestamptz not null,
  kind text not null check (kind in ('receiving', 'reading', 'recognised', 'warned', 'comparing', 'judged', 'writing',
    'previewed', 'held', 'unchanged', 'confirmed', 'applied', 'failed', 'discarded', 'undone', 'file_deleted')),
  -- The name it had then; null where nobody did it.
  actor text,
  -- Of a stage: how long it took, the bytes of it, findings read or written.
  duration_ms integer,
  bytes bigint,
  findings integer,
  detail text,
  primary key (organization_id, import_id, position),
  foreign key (organization_id, import_id) references import (organization_id, id) on delete cascade
);

-- Of earlier imports, what the audit log knows.
insert into import_log (organization_id, import_id, position, at, kind, actor)
select e.organization_id, e.target_id, row_number() over (partition by e.organization_id, e.target_id order by e.id),
  e.created_at, case e.action when 'import.undone' then 'undone' else 'applied' end, e.actor_name
from audit_event e
join import i on i.organization_id = e.organization_id and i.id = e.target_id
where e.target_kind = 'import' and e.action in ('import.applied', 'import.forced', 'import.undone');

-- A preview that the guard has something against is told from one with a mere remark as a held import is.
update import set error_code = 'import_held'
where state = 'previewed' and reason like '%Look at the list, then apply or discard.';
