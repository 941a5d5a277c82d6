-- Every webhook writes a delivery, and each index of it is written with it. Its connection is its webhook's, which holds
-- it: a key of its own only locked the same row once more for every delivery.
alter table delivery drop constraint delivery_organization_id_connection_id_fkey;
drop index delivery_connection;
-- The few that wait are found by delivery_due; the log's states are of the others.
drop index delivery_state;
create index delivery_state on delivery (organization_id, state, received_at desc) where state <> 'received';
