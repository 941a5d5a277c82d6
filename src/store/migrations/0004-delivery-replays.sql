-- Attempts before the last replay: `attempts` counts those since, which decide about pauses and the last try.
alter table delivery add column former_attempts integer not null default 0;
