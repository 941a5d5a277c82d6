import type { Clock } from '../lib/clock.ts'
import type { Db } from '../store/db.ts'
import { walkDeadlines } from '../usecases/security/deadlines/walk-deadlines.ts'
import { type JobHandler, organizationData } from './handler.ts'

export function setDeadlinesJob(deps: { db: Db; clock: Clock }): JobHandler {
  return async (data) => walkDeadlines(deps, organizationData.parse(data))
}
