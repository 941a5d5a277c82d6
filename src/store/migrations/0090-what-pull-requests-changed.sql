-- From what to what a pull request changed the code, and which files: read from folders alone, so also of large files.
create table pull_request_change (
  organization_id uuid not null,
  pull_request_id uuid not null,
  -- Full names of commits; null where they are not known. Without `from_sha` beside `to_sha`: since nothing.
  from_sha text,
  to_sha text,
  -- Old and new names, generated files among them; null where they are not known. Cut after a thousand.
  paths text[],
  path_count integer,
  primary key (organization_id, pull_request_id),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade,
  check ((to_sha is null) = (paths is null) and (paths is null) = (path_count is null))
);

alter table investment_rule
  drop constraint investment_rule_field_check,
  add constraint investment_rule_field_check
    check (field in ('branch', 'title', 'repository', 'label', 'path', 'vulnerability'));
