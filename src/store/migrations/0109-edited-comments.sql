-- A comment out of which a key was edited links no more: its pull request is read again for what stood in it before, too.
create function mark_recommented_pull_requests() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_read (organization_id, pull_request_id)
  select organization_id, pull_request_id from changed where keys <> '{}'
  union
  select organization_id, pull_request_id from before where keys <> '{}';
  return null;
end $$;
drop trigger keys_event_update on pull_request_event;
create trigger keys_event_update after update on pull_request_event
  referencing old table as before new table as changed for each statement execute function mark_recommented_pull_requests();
