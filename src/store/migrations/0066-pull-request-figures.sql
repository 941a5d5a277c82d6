-- What is worked out of the facts of each pull request, so that a figure of many is one scan of an index. Moments are cut
-- to whole seconds and durations are whole seconds, so that phases add up to the second. A row is replaced as a whole.
create table pull_request_figures (
  organization_id uuid not null,
  pull_request_id uuid not null,
  -- Of the rules that worked it out.
  version smallint not null,
  computed_at timestamptz not null,
  repository_id uuid not null,
  -- The person after merges of accounts; null where the remote names nobody.
  author_id uuid,
  destination_branch text,
  state text not null check (state in ('open', 'merged', 'declined', 'superseded')),
  opened_at timestamptz not null,
  first_commit_at timestamptz,
  -- Null while it is a draft.
  ready_at timestamptz,
  first_review_at timestamptz,
  first_approval_at timestamptz,
  last_approval_at timestamptz,
  merged_at timestamptz,
  -- Declined or superseded.
  closed_at timestamptz,
  ended_at timestamptz,
  -- When waiting for a review, and for an approval, ended: by one, or by the end of the pull request without one.
  pickup_ended_at timestamptz,
  review_ended_at timestamptz,
  last_activity_at timestamptz not null,
  -- Seconds.
  coding_s integer,
  draft_s integer,
  pickup_s integer,
  review_s integer,
  merge_wait_s integer,
  cycle_s integer,
  changed_lines integer,
  review_count integer not null,
  -- Comments and requested changes of others, from when on, and how many seconds later a new commit followed.
  feedback_count integer not null,
  first_feedback_at timestamptz,
  answered_after_s integer,
  rounds integer not null,
  is_self_merged boolean,
  is_self_approved_only boolean not null,
  -- Why it is in no figure, and why in no figure of time up to the merge.
  left_out text,
  span_left_out text,
  flags text[] not null,
  primary key (organization_id, pull_request_id),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);
-- Each with what its figures are made of, so that they are answered from the index alone.
create index pull_request_figures_ready on pull_request_figures (organization_id, ready_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, coding_s, draft_s, pickup_s);
create index pull_request_figures_pickup on pull_request_figures (organization_id, pickup_ended_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, pickup_s, feedback_count, state);
create index pull_request_figures_review on pull_request_figures (organization_id, review_ended_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, review_s, pickup_s, changed_lines,
    first_approval_at, ready_at);
create index pull_request_figures_merged on pull_request_figures (organization_id, merged_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, span_left_out, merge_wait_s, cycle_s,
    changed_lines, review_count, feedback_count, answered_after_s, rounds, is_self_merged, is_self_approved_only);
create index pull_request_figures_ended on pull_request_figures (organization_id, ended_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, state, ready_at, first_review_at,
    last_activity_at);
create index pull_request_figures_opened on pull_request_figures (organization_id, opened_at)
  include (repository_id, author_id, destination_branch, left_out);
create index pull_request_figures_version on pull_request_figures (organization_id, version);

-- Each reviewer's part in a pull request: comments, approvals and requested changes before its end, by others than its
-- author and programs. Whom the remote does not name is in none.
create table pull_request_review (
  organization_id uuid not null,
  pull_request_id uuid not null,
  -- The person after merges of accounts.
  reviewer_id uuid not null,
  repository_id uuid not null,
  author_id uuid,
  destination_branch text,
  first_at timestamptz not null,
  approved_at timestamptz,
  review_count integer not null,
  left_out text,
  primary key (organization_id, pull_request_id, reviewer_id),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);
create index pull_request_review_first on pull_request_review (organization_id, first_at)
  include (pull_request_id, reviewer_id, repository_id, author_id, destination_branch, left_out, review_count);

-- Pull requests whose figures may have changed. A row is only ever added and taken away, so that nobody waits for
-- anybody: many rows for one pull request are one to work out.
create table pull_request_to_compute (
  organization_id uuid not null,
  id uuid not null default gen_random_uuid(),
  pull_request_id uuid not null,
  primary key (organization_id, id),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);
create index pull_request_to_compute_one on pull_request_to_compute (organization_id, pull_request_id);

-- Marked here and not by each reader: whatever writes a fact changes the figures, and does so in its own transaction.
create function mark_new_pull_requests() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id) select organization_id, id from changed;
  return null;
end $$;
-- A reading that tells nothing new marks nothing.
create function mark_changed_pull_requests() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select n.organization_id, n.id from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where (n.repository_id, n.author_id, n.closed_by_id, n.state, n.is_draft, n.destination_branch, n.merge_commit,
      n.merge_sha, n.opened_at, n.merged_at, n.closed_at, n.first_commit_at, n.lines_added, n.lines_removed,
      n.excluded_reason)
    is distinct from (f.repository_id, f.author_id, f.closed_by_id, f.state, f.is_draft, f.destination_branch,
      f.merge_commit, f.merge_sha, f.opened_at, f.merged_at, f.closed_at, f.first_commit_at, f.lines_added,
      f.lines_removed, f.excluded_reason)
    -- Where nothing else tells when it ended, it was the remote's last change.
    or (n.state <> 'open' and n.remote_updated_at is distinct from f.remote_updated_at);
  return null;
end $$;
create function mark_pull_requests_of_facts() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select distinct organization_id, pull_request_id from changed;
  return null;
end $$;
-- Who is a program, and who is the same person, decides what is a review.
create function mark_pull_requests_of_contributors() returns trigger language plpgsql as $$
begin
  with changed_people as (
    select n.organization_id, n.id from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
    where (n.is_bot, n.merged_into) is distinct from (f.is_bot, f.merged_into)
  )
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select p.organization_id, p.id from changed_people c
    join pull_request p on p.organization_id = c.organization_id and p.author_id = c.id
  union select p.organization_id, p.id from changed_people c
    join pull_request p on p.organization_id = c.organization_id and p.closed_by_id = c.id
  union select e.organization_id, e.pull_request_id from changed_people c
    join pull_request_event e on e.organization_id = c.organization_id and e.contributor_id = c.id
  union select r.organization_id, r.pull_request_id from changed_people c
    join pull_request_reviewer r on r.organization_id = c.organization_id and r.contributor_id = c.id;
  return null;
end $$;
create trigger figures_pull_request_insert after insert on pull_request
  referencing new table as changed for each statement execute function mark_new_pull_requests();
create trigger figures_pull_request_update after update on pull_request
  referencing old table as former new table as changed for each statement execute function mark_changed_pull_requests();
create trigger figures_event_insert after insert on pull_request_event
  referencing new table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_event_update after update on pull_request_event
  referencing new table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_event_delete after delete on pull_request_event
  referencing old table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_reviewer_insert after insert on pull_request_reviewer
  referencing new table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_reviewer_update after update on pull_request_reviewer
  referencing new table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_reviewer_delete after delete on pull_request_reviewer
  referencing old table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_commit_insert after insert on pull_request_commit
  referencing new table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_commit_delete after delete on pull_request_commit
  referencing old table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_contributor_update after update on contributor
  referencing old table as former new table as changed
  for each statement execute function mark_pull_requests_of_contributors();

-- What was read before this.
insert into pull_request_to_compute (organization_id, pull_request_id) select organization_id, id from pull_request;
