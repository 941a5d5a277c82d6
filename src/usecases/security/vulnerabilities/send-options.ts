import { trackers } from '../../../trackers/registry.ts'
import { refuseSend, type SendFacts, sentAlready } from '../../sync/refuse-send.ts'

export type SendOption = { tracker: string; title: string; available: boolean; reason: string | null }

/**
 * Each tracker, and why a vulnerability cannot be sent to it now; sending itself judges again, by the same rule. An item
 * somebody deleted there is no obstacle: sending is the decision to make a new one.
 */
export function listSendOptions(facts: SendFacts, items: readonly { tracker: string; link: string }[]): SendOption[] {
  const sentTo = new Set(items.filter(({ link }) => link !== 'missing').map(({ tracker }) => tracker))
  return trackers.map(({ name, title }) => {
    const reason = (sentTo.has(name) ? sentAlready : refuseSend(facts, name)) ?? null
    return { tracker: name, title, available: reason === null, reason }
  })
}
