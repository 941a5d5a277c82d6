-- What a person should know of a route, found when its settings were compared with what its tracker asks for: sentences.
alter table route add column notes jsonb not null default '[]';
