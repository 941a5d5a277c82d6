-- Jira beside Bitbucket. A connection's workspace is its site there: cloud id, host, name; its api_url is that of the site, or
-- of the gateway, its web_url always the site's.
alter table connection drop constraint connection_kind_check,
  add constraint connection_kind_check check (kind in ('bitbucket', 'jira'));
alter table oauth_consumer drop constraint oauth_consumer_kind_check,
  add constraint oauth_consumer_kind_check check (kind in ('bitbucket', 'jira'));
-- An item in Jira belongs to no repository. Its container is the site, so that it stays the same in another project.
alter table defect alter column repository_id drop not null;
