-- Reports on commits stand in the log of deliveries, like everything else that is sent.
alter table commit_report
  add column error_code text,
  add column attempt_log jsonb not null default '[]';
alter table commit_report drop constraint commit_report_state_check;
-- `cancelled`: a person gave it up.
alter table commit_report add constraint commit_report_state_check
  check (state in ('queued', 'done', 'failed', 'cancelled'));
create index commit_report_recent on commit_report (organization_id, queued_at desc, id);
create index commit_report_failed on commit_report (organization_id) where state = 'failed';

-- Answers to the summary of a pull request: each becomes a note once, and is answered at most once.
create table summary_reply (
  organization_id uuid not null,
  id uuid not null,
  summary_id uuid not null,
  remote_comment_id text not null,
  -- What Weir answers; empty when it answers nothing.
  answer text,
  answer_comment_id text,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, summary_id, remote_comment_id),
  foreign key (organization_id, summary_id) references pull_request_summary (organization_id, id) on delete cascade
);
