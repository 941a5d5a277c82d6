/** Every row of an organization as text, table by table: equal before and after means nothing changed. */
export async function readTenant(
  pool: { query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }> },
  organizationId: string,
): Promise<string> {
  const tables = await pool.query(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'organization_id' order by table_name`,
  )
  const parts: string[] = []
  for (const row of tables.rows) {
    const name = String(Object(row).name)
    const found = await pool.query(
      `select coalesce(json_agg(t order by t::text), '[]')::text as rows from "${name}" t where organization_id = $1`,
      [organizationId],
    )
    parts.push(`${name} ${String(Object(found.rows[0]).rows)}`)
  }
  return parts.join('\n')
}
