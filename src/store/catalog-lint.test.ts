import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBareDatabase, createTestDatabase } from '../../test/database.ts'
import { lintCatalog } from './catalog-lint.ts'
import type { OpenDatabase } from './db.ts'

let bare: OpenDatabase
let migrated: OpenDatabase
beforeAll(async () => {
  bare = await createBareDatabase()
  migrated = await createTestDatabase()
})
afterAll(() => Promise.all([bare.close(), migrated.close()]))

describe('catalog lint', () => {
  it('finds nothing in the migrated schema', async () => {
    expect(await lintCatalog(migrated.pool)).toEqual([])
  })

  it('finds every kind of break', async () => {
    await bare.pool.query(`
      create table person (id uuid primary key);
      create table good (organization_id uuid not null, id uuid not null,
        primary key (organization_id, id), unique (id, organization_id));
      create table no_tenant (id uuid primary key);
      create table loose (organization_id uuid, id uuid, unique (organization_id, id));
      create table texty (organization_id text not null, id uuid not null, primary key (organization_id, id));
      create table backwards (organization_id uuid not null, id uuid not null, mail text, good_id uuid,
        person_id uuid references person, primary key (id, organization_id),
        constraint crossed foreign key (good_id, organization_id) references good (id, organization_id))`)
    await bare.pool.query('create unique index by_mail on backwards (lower(mail), organization_id)')
    expect(await lintCatalog(bare.pool, ['person', 'vanished'])).toEqual([
      'vanished: listed as unsharded but there is no such table',
      'loose: organization_id is nullable',
      'loose: has no primary key',
      'no_tenant: organization_id is missing',
      'texty: organization_id is wrong type',
      'backwards: primary key backwards_pkey does not begin with organization_id',
      'backwards: unique index by_mail does not begin with organization_id',
      'good: unique index good_id_organization_id_key does not begin with organization_id',
      'no_tenant: primary key no_tenant_pkey does not begin with organization_id',
      'backwards: foreign key crossed to good does not begin with organization_id',
      'backwards: foreign key backwards_person_id_fkey (person_id) has no index',
      'backwards: foreign key crossed (good_id, organization_id) has no index',
    ])
  })
})
