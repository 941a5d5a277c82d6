import { badRequest } from '../simulator-error.ts'
import type { Sim } from '../state.ts'

/** Refuses texts with the phrase that the `tracker.spamPhrase` switch takes for spam. */
export function assertNoSpam(sim: Sim, ...texts: (string | undefined)[]): void {
  const phrase = sim.switches.tracker.spamPhrase?.toLowerCase()
  if (phrase === undefined || phrase === '') return
  if (texts.some((text) => text?.toLowerCase().includes(phrase) === true))
    throw badRequest('This content was detected as spam.')
}
