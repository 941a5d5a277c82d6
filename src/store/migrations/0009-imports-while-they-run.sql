-- An import is in the list from the moment its report arrives, says how far it is, and keeps its report for a set time.
alter table import drop constraint import_state_check;
alter table import add constraint import_state_check
  check (state in ('running', 'previewed', 'held', 'applied', 'unchanged', 'undone', 'failed', 'discarded'));
-- Until when the report is kept after the import was decided on; null: while it waits for a decision, or not at all.
alter table import add column file_kept_until timestamptz;
create index import_file_kept on import (organization_id, file_kept_until) where file_kept_until is not null;

-- Beside the import and outside of its transaction, so that others see how far it is. `beat_at` is by the database's
-- clock: a row that stopped beating tells of a process that died.
create table import_progress (
  organization_id uuid not null,
  import_id uuid not null,
  -- What the sender calls it, who learns its id only from the answer.
  client_key text,
  stage text not null check (stage in ('receiving', 'reading', 'comparing', 'writing')),
  bytes_read bigint not null default 0,
  bytes_total bigint,
  findings_read integer not null default 0,
  beat_at timestamptz not null default now(),
  primary key (organization_id, import_id),
  foreign key (organization_id, import_id) references import (organization_id, id) on delete cascade
);
create index import_progress_key on import_progress (organization_id, client_key) where client_key is not null;
