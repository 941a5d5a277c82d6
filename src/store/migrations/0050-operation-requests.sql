-- Requests its attempts made: what the latest ones took tells how long the waiting ones will take.
alter table operation add column requests integer not null default 0;

-- Every comment a webhook tells of is looked for by its id at the remote, before its item is known.
create index message_link_remote_comment on message_link (organization_id, remote_comment_id);
