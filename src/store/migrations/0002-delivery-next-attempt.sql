-- When a delivery that failed is tried again, as operations have it. Empty: at once.
alter table delivery add column next_attempt_at timestamptz;
create index delivery_due on delivery (organization_id, next_attempt_at) where state = 'received';
