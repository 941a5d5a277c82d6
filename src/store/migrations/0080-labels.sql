-- Names an organization gives to pull requests by what their title or their source branch looks like: Bitbucket has no
-- labels. A label may have several rules; a pull request several labels.
create table label_rule (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  label text not null,
  field text not null check (field in ('title', 'branch')),
  pattern text not null,
  -- The same for SQL's `like`, in lower case.
  like_pattern text not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, label, field, like_pattern)
);
create table pull_request_label (
  organization_id uuid not null,
  label text not null,
  pull_request_id uuid not null,
  primary key (organization_id, label, pull_request_id),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);
create index pull_request_label_of on pull_request_label (organization_id, pull_request_id);

-- Whatever writes a title or a branch gives the labels with it. Who changes the rules waits until such a transaction has
-- ended, and the other way round, so that none is left with the labels of former rules.
create function label_pull_requests(organization uuid, ids uuid[]) returns void language sql as $$
  delete from pull_request_label where organization_id = organization and pull_request_id = any(ids);
  insert into pull_request_label (organization_id, label, pull_request_id)
  select distinct p.organization_id, r.label, p.id
  from pull_request p
  join label_rule r on r.organization_id = p.organization_id
    and case r.field when 'title' then lower(p.title) else lower(p.source_branch) end like r.like_pattern
  where p.organization_id = organization and p.id = any(ids);
$$;
create function label_new_pull_requests() returns trigger language plpgsql as $$
declare
  one record;
begin
  for one in select organization_id, array_agg(id) as ids from changed group by 1 loop
    perform pg_advisory_xact_lock_shared(hashtextextended('weir labels ' || one.organization_id, 0));
    perform label_pull_requests(one.organization_id, one.ids);
  end loop;
  return null;
end $$;
create function label_changed_pull_requests() returns trigger language plpgsql as $$
declare
  one record;
begin
  for one in select n.organization_id, array_agg(n.id) as ids
    from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
    where (n.title, n.source_branch) is distinct from (f.title, f.source_branch) group by 1 loop
    perform pg_advisory_xact_lock_shared(hashtextextended('weir labels ' || one.organization_id, 0));
    perform label_pull_requests(one.organization_id, one.ids);
  end loop;
  return null;
end $$;
create trigger labels_insert after insert on pull_request
  referencing new table as changed for each statement execute function label_new_pull_requests();
create trigger labels_update after update on pull_request
  referencing old table as former new table as changed for each statement execute function label_changed_pull_requests();
