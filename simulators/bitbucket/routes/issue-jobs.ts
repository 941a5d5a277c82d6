import type { JsonObject } from '../../shared/json.ts'
import { booleanAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import type { Answer, Call, Endpoint } from '../call.ts'
import {
  exportFileName,
  getIssueExport,
  getIssueImport,
  isRunning,
  type JobProgress,
  jobProgress,
  startIssueExport,
  startIssueImport,
} from '../operations/issue-jobs.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { badRequest } from '../simulator-error.ts'
import { actInTracker, readTracker, trackerBase, trackerEndpoint } from './issue-call.ts'

/** Phases as the official examples name them; no others are known. */
type Phase = 'Initializing' | 'Attachments'

function render({ status, count, total }: JobProgress, phase: Phase): JsonObject {
  const pct = total === 0 ? (status === 'SUCCESS' ? 100 : 0) : Math.floor((100 * count) / total)
  return { type: 'issue_job_status', status, phase, total, count, pct }
}

/** The archive can be fetched where `Location` says, as soon as it is ready. */
function startExport(call: Call): Answer {
  const { repository } = actInTracker(call, 'admin')
  const job = startIssueExport(call.sim, repository, booleanAt(call.body, 'include_attachments') ?? true)
  const location = `${apiRepositoryUrl(call.sim, repository)}/issues/export/${exportFileName(repository, job)}`
  return { status: 202, headers: { location } }
}

function showExport(call: Call): Answer {
  const { repository } = readTracker(call, 'admin')
  const name = call.params['file'] ?? ''
  const job = getIssueExport(repository, name)
  if (isRunning(call.sim, job)) return { status: 202, body: render(jobProgress(call.sim, job), 'Initializing') }
  return {
    raw: { contentType: 'application/zip', bytes: job.archive },
    headers: { 'content-disposition': `attachment; filename="${name}"` },
  }
}

function startImport(call: Call): Answer {
  const { repository } = actInTracker(call, 'admin')
  const archive = call.form()?.find((part) => part.name === 'archive' && part.filename !== null)
  if (archive === undefined) throw badRequest('Bad request', { archive: ['This field is required.'] })
  const job = startIssueImport(call.sim, repository, archive.bytes)
  return { status: 202, body: render({ status: 'ACCEPTED', count: 0, total: job.total }, 'Attachments') }
}

function showImport(call: Call): Answer {
  const progress = jobProgress(call.sim, getIssueImport(readTracker(call, 'admin').repository))
  const isDone = progress.status === 'SUCCESS' || progress.status === 'FAILURE'
  return { status: isDone ? 200 : 202, body: render(progress, 'Attachments') }
}

export const issueJobEndpoints: Endpoint[] = [
  trackerEndpoint('POST', `${trackerBase}/issues/export`, needs.exportIssues, startExport),
  trackerEndpoint('GET', `${trackerBase}/issues/export/:file`, needs.exportIssues, showExport),
  trackerEndpoint('POST', `${trackerBase}/issues/import`, needs.importIssues, startImport),
  trackerEndpoint('GET', `${trackerBase}/issues/import`, needs.importIssues, showImport),
]
