import type { PoolClient } from 'pg'
import { id, organizationId } from './facts.ts'

const org = `'${organizationId}'::uuid`

/** Of the merged ones: every twentieth pull request names a vulnerability that is gone a day later, of as many another is open. */
const fixed = 'pg_temp.chance(n, 40) < 0.05'
const open = 'pg_temp.chance(n, 40) > 0.95'

/** Vulnerabilities of a copy, each first seen in what a merged pull request brought; half of them remedied by another. */
export async function insertVulnerabilities(client: PoolClient, { repositories }: { repositories: number }) {
  await client.query(`
    insert into asset (organization_id, id, key, name, repository_id, default_branch)
      select ${org}, ${id(7, 'n')}, 'service-' || n, 'Service ' || n, ${id(1, 'n')}, 'main'
      from generate_series(0, ${repositories - 1}) n;
    create temporary table found as
      select n, repository, merge, merged, ${fixed} as is_fixed, opened - (1 + n % 6) * interval '12 hours' as at,
        (array['critical', 'high', 'high', 'medium', 'medium', 'low'])[1 + n % 6] as severity from line
      where ${fixed} or ${open};
    insert into vulnerability (organization_id, id, number, asset_id, branch, title, severity, severity_source, scanner,
        rule_id, status, opened_at, due_at, fixed_at, last_seen_at)
      select ${org}, ${id(8, 'n')}, n + 1, ${id(7, 'repository')}, 'main', 'Problem ' || n, severity, 'tool', 'semgrep',
        'rule-' || n % 300, case when is_fixed then 'fixed' else 'identified' end, at, at + interval '14 days',
        case when is_fixed then merged + interval '1 day' end, case when is_fixed then merged else at end
      from found;
    insert into vulnerability_event (organization_id, id, vulnerability_id, kind, actor_kind, actor_name, before, after, created_at)
      select ${org}, ${id(10, 'n')}, ${id(8, 'n')}, 'assignee', 'member', 'Cleo Marsh', null, null, at + interval '5 hours' from found
      union all select ${org}, ${id(11, 'n')}, ${id(8, 'n')}, 'status', 'scan', 'Semgrep', '{"status": "identified"}'::jsonb,
        '{"status": "fixed"}'::jsonb, merged + interval '1 day' from found where is_fixed;
    insert into import (organization_id, id, asset_id, branch, commit_hash, format, state, file_name, file_sha256, file_bytes,
        source, applied_at)
      select ${org}, ${id(12, 'n')}, ${id(7, 'repository')}, 'main', before.merge, 'sarif', 'applied', 'report.sarif', n::text, 1,
        'cli', at from found
      cross join lateral (select l.merge from line l where l.repository = found.repository and l.merged <= at
        order by l.merged desc limit 1) before;
    insert into finding (organization_id, id, asset_id, branch, vulnerability_id, scanner, format, rule_id, title, severity,
        content_key, body_hash, active, commit_hash, first_import_id, last_import_id, last_step)
      select ${org}, ${id(13, 'n')}, i.asset_id, 'main', ${id(8, 'n')}, 'semgrep', 'sarif', 'rule', 'Problem', severity, n::text,
        'x', not is_fixed, i.commit_hash, i.id, i.id, 'new' from found
      join import i on i.organization_id = ${org} and i.id = ${id(12, 'n')};
    update pull_request p set title = 'WEIR-' || n + 1 || ' ' || title from found
      where is_fixed and p.organization_id = ${org} and p.id = ${id(3, 'n')}`)
}
