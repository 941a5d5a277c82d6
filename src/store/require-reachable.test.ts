import { describe, expect, it } from 'vitest'
import { type DatabaseFacts, findProblem } from './require-reachable.ts'

const facts: DatabaseFacts = {
  version: 150_007,
  version_text: '15.7 (Debian 15.7-0+deb12u1)',
  encoding: 'UTF8',
  is_replica: false,
  user: 'weir',
  database: 'weir',
  has_tables: false,
  has_queue: false,
  may_make_tables: true,
  may_make_schemas: true,
}
const rightless = { may_make_tables: false, may_make_schemas: false }

describe('a database', () => {
  it('of PostgreSQL 15 or later will do', () => {
    expect(findProblem(facts)).toBeUndefined()
  })

  it('of an older server will not, whatever else is right', () => {
    expect(findProblem({ ...facts, version: 140_019, version_text: '14.19' })).toBe(
      'The database server is PostgreSQL 14.19; Weir needs 15 or later.',
    )
  })

  it('of a replica, or in another encoding, will not', () => {
    expect(findProblem({ ...facts, is_replica: true })).toMatch(/read-only replica/)
    expect(findProblem({ ...facts, encoding: 'LATIN1' })).toMatch(/encoded in LATIN1/)
  })

  it('needs rights only for what is not there yet', () => {
    expect(findProblem({ ...facts, ...rightless })).toMatch(
      /ON SCHEMA public TO "weir"; GRANT CREATE ON DATABASE "weir"/,
    )
    expect(findProblem({ ...facts, ...rightless, has_tables: true })).toMatch(/there: GRANT CREATE ON DATABASE[^;]*$/)
    expect(findProblem({ ...facts, ...rightless, has_tables: true, has_queue: true })).toBeUndefined()
  })
})
