-- The latest test of a webhook: a build status that Weir set, and that had to come back as a delivery.
alter table webhook
  add column tested_at timestamptz,
  add column test_outcome text check (test_outcome in ('running', 'arrived', 'lost', 'impossible')),
  -- From the request that set the status until its delivery was stored.
  add column test_ms integer,
  add column test_note text,
  -- Since when deliveries came in that it did not sign with its secret; empty again once it is mended.
  add column refused_at timestamptz;
