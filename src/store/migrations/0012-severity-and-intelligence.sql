-- What the scan says of CVSS, where a person gave a vector of their own; with scan_severity, which tells that a person rated.
alter table vulnerability
  add column scan_cvss_vector text,
  add column scan_cvss_score numeric(3, 1);

-- Severities set by hand before the scan's word was kept beside them: the first finding still has it.
update vulnerability v set scan_severity = f.severity, scan_severity_source = case when f.cvss_vector is null then 'tool' else 'cvss' end
from (
  select distinct on (organization_id, vulnerability_id, scanner) organization_id, vulnerability_id, scanner, severity, cvss_vector
  from finding order by organization_id, vulnerability_id, scanner, created_at, id
) f
where v.severity_source = 'person' and v.source = 'scan' and v.scan_severity is null
  and f.organization_id = v.organization_id and f.vulnerability_id = v.id and f.scanner = v.scanner;

create index vulnerability_epss on vulnerability (organization_id, coalesce(epss_probability, 0), id);
create index vulnerability_known_exploited on vulnerability (organization_id, id) where known_exploited;

-- Published files about advisories. They belong to the installation: what they say is the same for every organization.
create table intelligence_load (
  kind text primary key check (kind in ('epss', 'kev', 'aliases')),
  -- Of the model, or of the catalogue.
  version text,
  published_on date,
  -- Of the file, unpacked.
  sha256 text not null,
  entries integer not null,
  loaded_at timestamptz not null,
  -- When every vulnerability had been told; null when the command died before that.
  applied_at timestamptz
);

create table epss_score (
  cve text primary key,
  probability real not null,
  percentile real not null
);

create table known_exploited (
  cve text primary key,
  added_on date not null,
  due_on date not null,
  is_used_by_ransomware boolean not null
);
