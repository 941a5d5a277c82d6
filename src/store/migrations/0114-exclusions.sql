-- What people leave out of every figure of delivery, with their reason: one pull request, a repository, a label.
alter table pull_request add column excluded_at timestamptz;
create index pull_request_excluded on pull_request (organization_id, excluded_at desc nulls last)
  where excluded_reason is not null;

create table figure_exclusion (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  -- One of the two: everything of a repository, or pull requests of a label.
  repository_id uuid,
  label text,
  reason text not null,
  member_name text not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique nulls not distinct (organization_id, repository_id, label),
  foreign key (organization_id, repository_id) references repository (organization_id, id) on delete cascade,
  check (num_nonnulls(repository_id, label) = 1)
);

create function mark_pull_requests_of_exclusions() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select p.organization_id, p.id from changed c
    join pull_request p on p.organization_id = c.organization_id and p.repository_id = c.repository_id
  union select l.organization_id, l.pull_request_id from changed c
    join pull_request_label l on l.organization_id = c.organization_id and l.label = c.label;
  return null;
end $$;
create trigger figures_exclusion_insert after insert on figure_exclusion
  referencing new table as changed for each statement execute function mark_pull_requests_of_exclusions();
create trigger figures_exclusion_delete after delete on figure_exclusion
  referencing old table as changed for each statement execute function mark_pull_requests_of_exclusions();

create function mark_pull_requests_of_labels() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select distinct c.organization_id, c.pull_request_id from changed c
    join figure_exclusion x on x.organization_id = c.organization_id and x.label = c.label
    join pull_request p on p.organization_id = c.organization_id and p.id = c.pull_request_id;
  return null;
end $$;
create trigger figures_label_insert after insert on pull_request_label
  referencing new table as changed for each statement execute function mark_pull_requests_of_labels();
create trigger figures_label_delete after delete on pull_request_label
  referencing old table as changed for each statement execute function mark_pull_requests_of_labels();
