import type { Person } from '../model.ts'
import type { Sim } from '../state.ts'

/** For whom something is shown, and where its addresses start. */
export interface Place {
  sim: Sim
  /** The site, or the gateway's address of it; without a trailing slash. */
  base: string
  viewer: Person | null
}

export function self(place: Place, path: string): string {
  return `${place.base}/rest/api/3/${path}`
}
