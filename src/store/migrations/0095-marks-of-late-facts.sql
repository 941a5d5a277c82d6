-- A merge commit that is found late to be another's too takes a pull request out of the merged ones of its day.
create or replace function mark_snapshot_days_of_changed_figures() returns trigger language plpgsql as $$
begin
  insert into snapshot_day_to_take (organization_id, day)
  select distinct n.organization_id, d.day
  from changed n join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
  join metric_snapshot_state s on s.organization_id = n.organization_id
  cross join lateral (values
    (n.ready_at, f.ready_at, (n.pickup_s, n.coding_s, n.draft_s) is distinct from (f.pickup_s, f.coding_s, f.draft_s)),
    (n.pickup_ended_at, f.pickup_ended_at, (n.pickup_s, n.feedback_count, n.state) is distinct from (f.pickup_s, f.feedback_count, f.state)),
    (n.review_ended_at, f.review_ended_at, (n.review_s, n.is_flash_reviewed, n.changed_lines)
      is distinct from (f.review_s, f.is_flash_reviewed, f.changed_lines)),
    (n.first_feedback_at, f.first_feedback_at, n.answered_after_s is distinct from f.answered_after_s),
    (n.merged_at, f.merged_at, (n.merge_wait_s, n.cycle_s, n.changed_lines, n.review_count, n.feedback_count,
        n.answered_after_s, n.rounds, n.is_self_merged, n.is_self_approved_only, n.span_left_out, n.is_batch_merge)
      is distinct from (f.merge_wait_s, f.cycle_s, f.changed_lines, f.review_count, f.feedback_count,
        f.answered_after_s, f.rounds, f.is_self_merged, f.is_self_approved_only, f.span_left_out, f.is_batch_merge)),
    (n.ended_at, f.ended_at, n.state is distinct from f.state)) m (at, was, is_other)
  cross join lateral (
    select unnest(array[m.at, m.was]) at time zone 'UTC' as at
    where m.is_other or m.at is distinct from m.was or n.version <> f.version
      or (n.left_out, n.repository_id, n.destination_branch) is distinct from (f.left_out, f.repository_id, f.destination_branch)
  ) t
  cross join lateral (select t.at::date as day) d
  where d.day between s.taken_through - 400 and s.taken_through
  -- What lasts: the days by which its beginning or its end moved.
  union
  select n.organization_id, g.at::date
  from changed n join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
  join metric_snapshot_state s on s.organization_id = n.organization_id
  cross join lateral (values
    (n.ready_at, f.ready_at), (n.ended_at, f.ended_at), (n.first_review_at, f.first_review_at),
    (case when n.left_out is distinct from f.left_out or n.repository_id <> f.repository_id then n.ready_at end,
      case when n.left_out is distinct from f.left_out or n.repository_id <> f.repository_id then n.ended_at end)) m (at, was)
  cross join lateral generate_series(
    greatest(least(coalesce(m.at, s.taken_at), coalesce(m.was, s.taken_at)) at time zone 'UTC', s.taken_through - 400),
    least(greatest(coalesce(m.at, s.taken_at), coalesce(m.was, s.taken_at)) at time zone 'UTC', s.taken_through),
    interval '1 day') g (at)
  where m.at is distinct from m.was;
  return null;
end $$;

-- Of a repository's deployments only what differs is written: which pull request is in which may change while each of them
-- stays as it is.
create function mark_vulnerabilities_of_changes() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select distinct l.organization_id, l.vulnerability_id from changed c
    join remediation_link l on l.organization_id = c.organization_id and l.pull_request_id = c.pull_request_id;
  return null;
end $$;
create trigger follow_change_insert after insert on deployment_change
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_changes();
create trigger follow_change_delete after delete on deployment_change
  referencing old table as changed for each statement execute function mark_vulnerabilities_of_changes();
