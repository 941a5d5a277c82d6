-- Filters on scanner, kind and severity together are answered by one index, within the part that is looked at.
drop index vulnerability_scanner;
drop index vulnerability_kind;
create index vulnerability_by_sort on vulnerability (organization_id, on_default_branch, is_open, severity, scanner, kind)
  where merged_into is null;
