-- What is not counted is told with its reason beside every figure: few rows, found without a walk through the counted ones.
create index pull_request_figures_left_out_ready on pull_request_figures (organization_id, ready_at)
  include (pull_request_id, repository_id, destination_branch, left_out) where left_out is not null;
create index pull_request_figures_left_out_pickup on pull_request_figures (organization_id, pickup_ended_at)
  include (pull_request_id, repository_id, destination_branch, left_out, feedback_count, pickup_s, state) where left_out is not null;
create index pull_request_figures_left_out_review on pull_request_figures (organization_id, review_ended_at)
  include (pull_request_id, repository_id, destination_branch, left_out, first_approval_at) where left_out is not null;
create index pull_request_figures_left_out_merged on pull_request_figures (organization_id, merged_at)
  include (pull_request_id, repository_id, destination_branch, left_out, feedback_count) where left_out is not null;
create index pull_request_figures_left_out_span on pull_request_figures (organization_id, merged_at)
  include (pull_request_id, repository_id, destination_branch, span_left_out) where span_left_out is not null;
