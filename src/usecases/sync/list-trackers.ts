import * as z from 'zod'
import type { listTrackers as contract } from '../../../contract/sync/tracker-routes.ts'
import type { Status } from '../../domain/status.ts'
import { trackers } from '../../trackers/registry.ts'
import type { Tracker } from '../../trackers/tracker.ts'

type Answer = z.output<NonNullable<(typeof contract)['response']>>
type DefaultStates = Answer['items'][number]['default_states']

/** Every tracker, with the JSON schema of its settings as a route is given them, and its states. */
export function listTrackers(): Answer {
  return {
    items: trackers.map((tracker) => ({
      name: tracker.name,
      title: tracker.title,
      connection_kind: tracker.connectionKind === 'bitbucket' ? null : tracker.connectionKind,
      settings_schema: { ...z.toJSONSchema(tracker.settings, { io: 'input', unrepresentable: 'any' }) },
      states: tracker.states?.map(({ name, state }) => ({ name, is_closed: state === 'closed' })) ?? null,
      default_states: listDefaults(tracker),
    })),
  }
}

function listDefaults(tracker: Tracker): DefaultStates {
  const of = (status: Status): DefaultStates[Status] => {
    const side = tracker.wantedState(status)
    return side === null ? null : { is_closed: side === 'closed', name: tracker.nameState(status) }
  }
  return {
    created: of('created'),
    identified: of('identified'),
    in_progress: of('in_progress'),
    awaiting_validation: of('awaiting_validation'),
    fixed: of('fixed'),
    risk_accepted: of('risk_accepted'),
    false_positive: of('false_positive'),
    suppressed: of('suppressed'),
  }
}
