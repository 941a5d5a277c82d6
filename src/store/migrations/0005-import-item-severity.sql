-- What a result is rated by the report, so that a preview can show it; nothing for rows written before and results left out.
alter table import_item add column severity text
  check (severity in ('critical', 'high', 'medium', 'low', 'notification'));
