-- What leaves for trackers, as far as the organization decides it: {"templates": {…}, "send_code": true}.
alter table organization_settings add column sending jsonb;
