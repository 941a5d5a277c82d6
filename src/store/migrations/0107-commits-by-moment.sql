-- What was committed to a repository between two scans.
create index commit_committed on commit (organization_id, repository_id, committed_at);
