-- People who have several accounts, and addresses of commits. `git`: an author of commits known by an address alone.
alter table contributor
  drop constraint contributor_kind_check,
  add constraint contributor_kind_check check (kind in ('bitbucket', 'jira', 'git')),
  -- The address the remote shows for the account, in lower case.
  add column email text,
  -- What the remote says; `is_bot` is a person's word, else this or a pattern.
  add column remote_is_bot boolean not null default false,
  add column bot_decided boolean not null default false,
  -- Since when name, nickname and addresses are gone for good.
  add column anonymised_at timestamptz;
update contributor set remote_is_bot = not is_decided, bot_decided = is_decided where is_bot;
create index contributor_email_shown on contributor (organization_id, email) where email is not null;

-- Whose commits bear an address: each address is one account's.
create table contributor_email (
  organization_id uuid not null,
  -- In lower case; `sha256:` and a digest where the person was anonymised, so that their commits stay one person's.
  address text not null,
  contributor_id uuid not null,
  source text not null check (source in ('remote', 'commit', 'person', 'file')),
  created_at timestamptz not null,
  primary key (organization_id, address),
  foreign key (organization_id, contributor_id) references contributor (organization_id, id)
);
create index contributor_email_of on contributor_email (organization_id, contributor_id);

-- That two accounts are one person's. `contributor.merged_into` is worked out of those that are not undone, whatever the
-- order they were said in: it names the one that stands for all.
create table contributor_merge (
  organization_id uuid not null,
  id uuid not null,
  from_id uuid not null,
  into_id uuid not null,
  source text not null check (source in ('suggestion', 'person', 'file')),
  -- Of one upload.
  batch_id uuid,
  made_by text not null,
  made_at timestamptz not null,
  undone_by text,
  undone_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, from_id) references contributor (organization_id, id),
  foreign key (organization_id, into_id) references contributor (organization_id, id),
  check (from_id <> into_id),
  check ((undone_by is null) = (undone_at is null))
);
create unique index contributor_merge_live on contributor_merge
  (organization_id, least(from_id, into_id), greatest(from_id, into_id)) where undone_at is null;
create index contributor_merge_from on contributor_merge (organization_id, from_id);
create index contributor_merge_into on contributor_merge (organization_id, into_id);
create index contributor_merge_batch on contributor_merge (organization_id, batch_id) where batch_id is not null;

-- A person said that two are not the same: no suggestion says so again. `one_id` is the smaller of both.
create table contributor_apart (
  organization_id uuid not null,
  one_id uuid not null,
  other_id uuid not null,
  made_at timestamptz not null,
  primary key (organization_id, one_id, other_id),
  foreign key (organization_id, one_id) references contributor (organization_id, id),
  foreign key (organization_id, other_id) references contributor (organization_id, id),
  check (one_id < other_id)
);
create index contributor_apart_other on contributor_apart (organization_id, other_id);

-- What accounts of programs look like: a text with `*` for anything, matched whatever the case.
create table bot_pattern (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  field text not null check (field in ('any', 'name', 'nickname', 'email')),
  pattern text not null,
  -- The same for SQL's `like`.
  like_pattern text not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, field, like_pattern)
);
