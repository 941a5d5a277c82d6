-- When the database was last put into the state of a backup: of what stood in it then nobody knows what was sent since.
alter table instance add column restored_at timestamptz;
