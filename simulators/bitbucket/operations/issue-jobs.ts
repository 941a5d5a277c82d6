import type { IssueJob } from '../model/issue-tracker.ts'
import type { Repository } from '../model.ts'
import { notFound, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { readIssueArchive } from './read-issue-archive.ts'
import { writeIssueArchive } from './write-issue-archive.ts'

/** Exports and imports take the time the `tracker.jobMs` switch says, by the simulator's clock. */
export type JobProgress = { status: 'ACCEPTED' | 'STARTED' | 'SUCCESS' | 'FAILURE'; count: number; total: number }

/** Part of its time a job waits to be started. */
const waitingShare = 0.25

export function jobProgress(sim: Sim, job: IssueJob): JobProgress {
  const { total } = job
  const share = sim.switches.tracker.jobMs <= 0 ? 1 : (sim.clock() - job.startedAt) / sim.switches.tracker.jobMs
  if (share >= 1) return { status: job.failed ? 'FAILURE' : 'SUCCESS', count: job.failed ? 0 : total, total }
  if (share < waitingShare) return { status: 'ACCEPTED', count: 0, total }
  return { status: 'STARTED', count: Math.floor(total * share), total }
}

export function isRunning(sim: Sim, job: IssueJob): boolean {
  return ['ACCEPTED', 'STARTED'].includes(jobProgress(sim, job).status)
}

function newJob(sim: Sim): Pick<IssueJob, 'id' | 'startedAt'> {
  return { id: sim.newUuid().slice(1, -1), startedAt: sim.clock() }
}

/** Packs the tracker as it is now. */
export function startIssueExport(sim: Sim, repository: Repository, withAttachments: boolean): IssueJob {
  const archive = writeIssueArchive(repository, withAttachments)
  const job = { ...newJob(sim), total: repository.issues.length, failed: false, archive }
  repository.tracker.exports.push(job)
  return job
}

/** The name of an export's file is its address. */
export function exportFileName(repository: Repository, job: Pick<IssueJob, 'id'>): string {
  return `${repository.slug}-issues-${job.id}.zip`
}

export function getIssueExport(repository: Repository, fileName: string): IssueJob & { archive: Buffer } {
  const found = repository.tracker.exports.find((job) => exportFileName(repository, job) === fileName)
  if (found === undefined) throw notFound('No export job has begun.')
  return found
}

/**
 * All issues are deleted and replaced by those of the archive; one that cannot be read changes nothing and ends as
 * FAILURE. The issues are there at once, whatever time the job takes to say so.
 */
export function startIssueImport(sim: Sim, repository: Repository, archive: Buffer): IssueJob {
  const { tracker } = repository
  if (tracker.lastImport !== null && isRunning(sim, tracker.lastImport))
    throw new SimulatorError(409, 'Import already running.')
  const read = readIssueArchive(sim, archive)
  if (read !== undefined) {
    const { issues, ...rest } = read
    repository.issues = issues
    Object.assign(tracker, rest, { lastIssueId: Math.max(0, ...issues.map((one) => one.id)) })
  }
  tracker.lastImport = { ...newJob(sim), total: read?.issues.length ?? 0, failed: read === undefined }
  return tracker.lastImport
}

export function getIssueImport({ tracker }: Repository): IssueJob {
  if (tracker.lastImport === null) throw notFound('No import job has begun.')
  return tracker.lastImport
}
