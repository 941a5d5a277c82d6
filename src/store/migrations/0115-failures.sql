-- Failed deployments are few: whether they last is asked of all of them.
create index deployment_figures_failed on deployment_figures (organization_id, completed_at)
  include (deployment_id, repository_id, recovered_at) where failed_by is not null;
