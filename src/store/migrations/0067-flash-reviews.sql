-- More than 200 lines approved within five minutes of ready; null while the lines are unknown. With it the index answers alone.
alter table pull_request_figures add column is_flash_reviewed boolean;
drop index pull_request_figures_review;
create index pull_request_figures_review on pull_request_figures (organization_id, review_ended_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, review_s, first_approval_at,
    is_flash_reviewed);
-- What was worked out before lacks it.
insert into pull_request_to_compute (organization_id, pull_request_id)
select organization_id, pull_request_id from pull_request_figures;
