-- An account at a remote that somebody was seen by there: whoever writes in threads, answers for pull requests and so on.
create table contributor (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  kind text not null check (kind in ('bitbucket', 'jira')),
  -- How the remote knows the account for good: Bitbucket's UUID with braces, Jira's account id.
  remote_id text not null,
  -- Atlassian's account id, the same at both, which Bitbucket wants in mentions. Null where it was never told.
  account_id text,
  display_name text not null,
  nickname text,
  is_bot boolean not null default false,
  -- Since when the remote shows nobody behind it any more, or nobody who can log in.
  closed_at timestamptz,
  member_id uuid,
  -- What says that it is this member's: the e-mail address the remote shows, the same account at the other remote, or a person.
  linked_by text check (linked_by in ('email', 'account', 'person')),
  -- A person said whose it is, or that it is nobody's: no rule says otherwise from then on.
  is_decided boolean not null default false,
  merged_into uuid,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, kind, remote_id),
  foreign key (organization_id, member_id) references member (organization_id, id),
  foreign key (organization_id, merged_into) references contributor (organization_id, id),
  check ((member_id is null) = (linked_by is null))
);
create index contributor_account on contributor (organization_id, account_id);
create index contributor_member on contributor (organization_id, member_id);
create index contributor_merged on contributor (organization_id, merged_into);
create index contributor_seen on contributor (organization_id, last_seen_at desc, id desc);

alter table message add column contributor_id uuid,
  add foreign key (organization_id, contributor_id) references contributor (organization_id, id);
create index message_contributor on message (organization_id, contributor_id);

-- Whoever wrote until now, by the name of their latest message.
insert into contributor (organization_id, id, kind, remote_id, account_id, display_name, first_seen_at, last_seen_at)
select m.organization_id, gen_random_uuid(), c.kind, m.author_remote_uuid,
  case when c.kind = 'jira' then m.author_remote_uuid end,
  (array_agg(m.author_name order by m.created_at desc))[1], min(m.created_at), max(m.created_at)
from message m
join message_link l on l.organization_id = m.organization_id and l.message_id = m.id and l.direction = 'in'
join defect d on d.organization_id = l.organization_id and d.id = l.defect_id
join connection c on c.organization_id = d.organization_id and c.id = d.connection_id
where m.author_kind = 'remote' and m.author_remote_uuid is not null
group by m.organization_id, c.kind, m.author_remote_uuid;
update message m set contributor_id = k.id
from message_link l
join defect d on d.organization_id = l.organization_id and d.id = l.defect_id
join connection c on c.organization_id = d.organization_id and c.id = d.connection_id
join contributor k on k.organization_id = c.organization_id and k.kind = c.kind
where l.organization_id = m.organization_id and l.message_id = m.id and l.direction = 'in'
  and k.organization_id = m.organization_id and k.remote_id = m.author_remote_uuid and m.author_kind = 'remote';

-- Whom a message means by `@name`: written down when it is said, so that a name never has to be understood again.
create table message_mention (
  organization_id uuid not null,
  message_id uuid not null,
  -- As it stands in the text, without the @.
  name text not null,
  member_id uuid,
  contributor_id uuid,
  primary key (organization_id, message_id, name),
  foreign key (organization_id, message_id) references message (organization_id, id),
  foreign key (organization_id, member_id) references member (organization_id, id),
  foreign key (organization_id, contributor_id) references contributor (organization_id, id),
  check ((member_id is null) <> (contributor_id is null))
);
create index message_mention_member on message_mention (organization_id, member_id);
create index message_mention_contributor on message_mention (organization_id, contributor_id);
