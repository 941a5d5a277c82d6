import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBareDatabase, createTestDatabase } from '../../test/database.ts'
import type { OpenDatabase } from './db.ts'
import { renderSchemaTypes } from './schema-types.ts'

let bare: OpenDatabase
let migrated: OpenDatabase
beforeAll(async () => {
  bare = await createBareDatabase()
  migrated = await createTestDatabase()
})
afterAll(() => Promise.all([bare.close(), migrated.close()]))

describe('schema types', () => {
  it('are those of the migrated database (else run: node bin/run.mjs scripts/write-schema-types.ts)', async () => {
    const written = readFileSync(new URL('./schema.gen.ts', import.meta.url), 'utf8')
    expect(written).toBe(await renderSchemaTypes(migrated.pool))
  })

  it('name null, defaults, lists and the words a check allows', async () => {
    await bare.pool.query(
      `create table paint_pot (id uuid primary key, colour text not null check (colour in ('red', 'blue')),
        size bigint not null default 1, note text, tags text[] not null, opened_at timestamptz, facts jsonb not null,
        double_size bigint generated always as (size * 2) stored)`,
    )
    const text = await renderSchemaTypes(bare.pool)
    for (const line of [
      'export type PaintPotTable = {',
      '  id: string\n',
      "  colour: 'red' | 'blue'\n",
      '  size: Generated<number>\n',
      '  note: string | null\n',
      '  tags: string[]\n',
      '  opened_at: Timestamp | null\n',
      '  facts: Json\n',
      '  double_size: ColumnType<number | null, never, never>\n',
      '  paint_pot: PaintPotTable\n',
    ])
      expect(text).toContain(line)
  })

  it('refuse a column type nobody thought about', async () => {
    await bare.pool.query('create table odd (place point)')
    await expect(renderSchemaTypes(bare.pool)).rejects.toThrow('odd.place (point)')
  })
})
