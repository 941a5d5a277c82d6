import { listCreateFields } from '../../jira/readers/create-form.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { JiraTracker, Tracker } from '../../trackers/tracker.ts'
import type { SyncDeps } from './sync-deps.ts'

export type JudgeInput = {
  organizationId: string
  tracker: Tracker
  connectionId: string | null
  /** As the tracker's own schema reads them. */
  settings: unknown
}

/** The settings as they are kept, with what a person should know of them. */
export type JudgedSettings = { settings: unknown; notes: readonly string[] }

/**
 * Compares the settings of a route with what its remote asks for, where that can be known beforehand. Throws
 * `validation_failed` naming each setting that cannot work; while the remote cannot be asked, a note says so.
 */
export async function judgeRouteSettings(
  deps: Pick<SyncDeps, 'connectJira'>,
  { organizationId, tracker, connectionId, settings }: JudgeInput,
): Promise<JudgedSettings> {
  if (tracker.connectionKind !== 'jira' || connectionId === null) return { settings, notes: [] }
  const key = { organizationId, connectionId }
  const fields = await readFields(deps, { key, tracker, settings })
  if (fields.kind === 'unknown') return { settings, notes: [fields.note] }
  const checked = tracker.checkSettings(settings, fields.fields)
  const mistakes = Object.entries(checked.mistakes)
  if (mistakes.length === 0) return checked
  throw new AppError('validation_failed', mistakes.map(([, sentence]) => sentence).join(' '), {
    meta: { fields: Object.fromEntries(mistakes.map(([name, sentence]) => [`settings.${name}`, [sentence]])) },
  })
}

type Reading = {
  key: { organizationId: string; connectionId: string }
  tracker: JiraTracker
  settings: unknown
}

async function readFields(deps: Pick<SyncDeps, 'connectJira'>, { key, tracker, settings }: Reading) {
  const { project, issueType } = tracker.placeOf(settings)
  try {
    const { client } = await deps.connectJira(key)
    return { kind: 'read' as const, fields: await listCreateFields(client, { project, issueType, lane: 'person' }) }
  } catch (error) {
    if (!isAppError(error)) throw error
    if (error.code === 'remote_not_found')
      throw new AppError(
        'validation_failed',
        `settings.project: Jira shows our account no project ${project} with the issue type ${issueType}. Choose others, or give the account access.`,
        { cause: error },
      )
    const note = `The fields of this issue type could not be read (${error.detail}) Save the route again to have its settings checked.`
    return { kind: 'unknown' as const, note }
  }
}
