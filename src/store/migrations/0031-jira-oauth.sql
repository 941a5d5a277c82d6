-- A login that was begun says where: consumers of the two remotes may have the same key.
alter table oauth_authorization add column kind text not null default 'bitbucket' check (kind in ('bitbucket', 'jira'));
alter table oauth_authorization alter column kind drop default;
