-- Every commit a tag was ever seen at. A tag that moves stands for another deployment; one that is deleted was one.
create table git_tag (
  organization_id uuid not null,
  repository_id uuid not null,
  name text not null,
  commit_sha text not null,
  is_annotated boolean not null,
  -- As an annotated tag says; of a light one, which says nothing, the date of its commit.
  tagged_at timestamptz not null,
  seen_at timestamptz not null default now(),
  primary key (organization_id, repository_id, name, commit_sha),
  foreign key (organization_id, repository_id) references repository (organization_id, id) on delete cascade
);
create trigger deployments_tag_insert after insert on git_tag
  referencing new table as changed for each statement execute function mark_repositories_of_facts();
create trigger deployments_tag_update after update on git_tag
  referencing new table as changed for each statement execute function mark_repositories_of_facts();

alter table deployment
  -- What a source's pattern is compared with: the branch merged into, the tag, the pipeline. Null where the source has none.
  add column source_ref text;
create index deployment_pipeline on deployment (organization_id, repository_id, pipeline_uuid);

-- Those a pattern made so far are told again with what it was compared with.
insert into repository_to_compute (organization_id, repository_id)
select distinct organization_id, repository_id from deployment where source in ('merge', 'pipeline');
