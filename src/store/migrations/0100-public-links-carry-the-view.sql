-- The rest of what a view is narrowed by. Links made before have none of it.
alter table public_link
  -- Each with all teams below it. Empty: not narrowed.
  add column team_ids uuid[] not null default '{}',
  add column labels text[] not null default '{}',
  -- `business`: of durations only what lies in the hours of teams.
  add column hours text not null default 'all' check (hours in ('all', 'business'));
