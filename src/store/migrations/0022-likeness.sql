-- What may be one with a vulnerability is looked up by what it has in common with it: title, rule, file, CWE, advisory. A key
-- is the hash of one of these within an asset, a branch, and open or closed, so that a look-up never leaves them, whatever
-- else the organization has of the same rule. One index has them all; what is found by it is compared in earnest.
create function likeness_seed(asset_id uuid, branch text, is_open boolean) returns bigint
  language sql immutable parallel safe
  return hashtextextended(branch, uuid_hash_extended(asset_id, is_open::integer));

-- `what` begins with the letter of its kind: title, rule, file, CWE, or name of an advisory. Titles differ in case alone.
create function likeness_key(what text, seed bigint) returns bigint
  language sql immutable parallel safe
  return hashtextextended(case when what like 't%' then lower(left(what, 300)) else what end, seed);

-- Of built-in functions alone: an index is made, and restored, where no other has a name.
create function vulnerability_likeness(asset_id uuid, branch text, is_open boolean, kind text, source text, rule_id text,
  title text, path text, cwes integer[], aliases text[]) returns bigint[]
  language plpgsql immutable parallel safe as $$
declare
  seed bigint := hashtextextended(branch, uuid_hash_extended(asset_id, is_open::integer));
  keys bigint[] := array[hashtextextended(lower(left('t' || title, 300)), seed)];
  cwe integer;
  name text;
begin
  if kind = 'dependency' then
    keys := keys || hashtextextended('n' || upper(rule_id), seed);
  elsif source = 'scan' then
    keys := keys || hashtextextended('r' || rule_id, seed);
  end if;
  if path is not null then
    keys := keys || hashtextextended('f' || path, seed);
  end if;
  foreach cwe in array cwes loop
    keys := keys || hashtextextended('c' || cwe, seed);
  end loop;
  foreach name in array aliases[1:20] loop
    keys := keys || hashtextextended('n' || upper(name), seed);
  end loop;
  return keys;
end $$;

create index vulnerability_likeness on vulnerability using gin (
  vulnerability_likeness(asset_id, branch, is_open, kind, source, rule_id, title, path, cwes, aliases))
  where merged_into is null;
