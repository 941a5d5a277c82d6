-- A delivery outlives what it carried: null once the body was removed.
alter table delivery alter column body drop not null;

-- What the hourly clean-up looks for. Partial where it can be, so that storing a delivery or an operation costs no more than before.
create index delivery_body_kept on delivery (organization_id, received_at) where body is not null and state <> 'received';
create index operation_ended on operation (organization_id, finished_at) where state in ('done', 'cancelled');
create index notification_age on notification (organization_id, created_at);
create index import_undecided on import (organization_id, state, updated_at) where state in ('previewed', 'held', 'discarded');

-- A login that was begun carries its consumer with it, which becomes the connection's when it succeeds; without a secret
-- the known one is used. Logins live ten minutes: those under way begin again.
delete from oauth_authorization;
alter table oauth_authorization alter column oauth_consumer_id drop not null;
alter table oauth_authorization add column client_id text not null;
alter table oauth_authorization add column sealed_client_secret text;
alter table oauth_authorization add column api_url text not null;
alter table oauth_authorization add column web_url text not null;
