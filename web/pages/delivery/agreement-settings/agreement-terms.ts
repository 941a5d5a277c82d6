import type { RouteResponse } from '../../../api/route-types.ts'

export type Agreement = RouteResponse<'listAgreements'>['items'][number]

/** An agreement as it is sent back: all are set at once. */
export function toTerms({ kind, threshold, is_on, team }: Agreement) {
  return { kind, threshold, is_on, team_id: team?.id ?? null }
}
