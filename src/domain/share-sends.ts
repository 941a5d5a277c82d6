/** Something policies want to send: each policy with the most it sends in one run. `isSent`: it has an item already. */
type Wanted = { id: string; isSent: boolean; policies: readonly { id: string; maxPerRun: number }[] }

export type SharedSends = {
  /** Ids to send, in the order given. */
  send: string[]
  /** How many no policy has room for, by the first policy that wants them. */
  held: Map<string, number>
}

/**
 * Shares what is wanted out among policies, in the order given: each is sent by the first of its policies that has not
 * sent its fill in this run, and held back where none has room. What has an item takes no room.
 */
export function shareSends(wanted: readonly Wanted[]): SharedSends {
  const sent = new Map<string, number>()
  const held = new Map<string, number>()
  const send: string[] = []
  for (const { id, isSent, policies } of wanted) {
    const free = policies.find((policy) => (sent.get(policy.id) ?? 0) < policy.maxPerRun)
    const [first] = policies
    if (isSent) send.push(id)
    else if (free !== undefined) {
      sent.set(free.id, (sent.get(free.id) ?? 0) + 1)
      send.push(id)
    } else if (first !== undefined) held.set(first.id, (held.get(first.id) ?? 0) + 1)
  }
  return { send, held }
}
