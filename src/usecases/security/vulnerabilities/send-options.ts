import type { SendRoute } from '../../../store/sync/sendable.ts'
import { trackers } from '../../../trackers/registry.ts'
import { type ChoiceFacts, chooseTracker } from '../../sync/choose-tracker.ts'
import { refuseSend, type SendFacts, sentAlready } from '../../sync/refuse-send.ts'

export type SendOption = { tracker: string; title: string; available: boolean; reason: string | null }

/**
 * Each tracker, and why a vulnerability cannot be sent to it now; sending itself judges again, by the same rule. An item
 * somebody deleted there is no obstacle: sending is the decision to make a new one.
 */
export function listSendOptions(
  facts: SendFacts & ChoiceFacts,
  { items, routes }: { items: readonly { tracker: string; link: string }[]; routes: readonly SendRoute[] },
): SendOption[] {
  const sentTo = new Set(items.filter(({ link }) => link !== 'missing').map(({ tracker }) => tracker))
  // One on a site of its own is an option where a route leads there: else it would be told to all who have none.
  const led = new Set(routes.map(({ tracker }) => tracker))
  const offered = trackers.filter(({ name, connectionKind }) => connectionKind === 'bitbucket' || led.has(name))
  return offered.map(({ name, title }) => {
    const reason =
      (sentTo.has(name) ? sentAlready : refuseSend(facts, chooseTracker(facts, { routes, tracker: name }))) ?? null
    return { tracker: name, title, available: reason === null, reason }
  })
}
