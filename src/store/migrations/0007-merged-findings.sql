-- One vulnerability for what several scanners say of a package: found by the package and a name of the advisory.
alter table finding add column package_key text;
create index finding_package on finding (organization_id, asset_id, branch, package_key) where package_key is not null;
alter table import_item drop constraint import_item_outcome_check;
alter table import_item add constraint import_item_outcome_check
  check (outcome in ('new', 'merged', 'kept', 'reopened', 'closed', 'suppressed', 'skipped'));
