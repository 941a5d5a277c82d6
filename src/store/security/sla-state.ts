import { type RawBuilder, sql } from 'kysely'
import type { SlaState } from '../../domain/sla/judge-sla.ts'

export type SlaScope = { organizationId: string; now: Date }

/** Whether the organization has a table; asked once a statement, not once a row. */
const isSet = ({ organizationId }: SlaScope) => sql<boolean>`exists (
  select from organization_settings s where s.organization_id = ${organizationId}::uuid and s.sla is not null)`

/** While the clock stands still, it shows when it was stopped. */
const clockOf = ({ now }: SlaScope) => sql`coalesce(v.sla_paused_at, ${now}::timestamptz)`

/**
 * Where `vulnerability v` stands against its deadline: the same as `judgeSla` says. The columns are written by
 * `usecases/security/set-deadlines.ts`; the state itself is never stored, for it changes as time goes by.
 */
export function slaState(scope: SlaScope): RawBuilder<SlaState> {
  return sql<SlaState>`case
    when not ${isSet(scope)} then 'not_set'
    when v.due_at is null or v.status in ('false_positive', 'suppressed') then 'not_tracked'
    when v.status = 'fixed' then 'resolved'
    when ${clockOf(scope)} >= v.due_at then 'breached'
    when ${clockOf(scope)} >= v.approaches_at then 'approaching'
    else 'on_track' end`
}

/** The condition on `vulnerability v` to be in one of some states; an empty list is no condition. */
export function whereSlaState(scope: SlaScope, states: readonly SlaState[] | undefined): RawBuilder<boolean>[] {
  if (states === undefined || states.length === 0) return []
  return [sql<boolean>`${slaState(scope)} = any(${[...states]}::text[])`]
}

/** States in which a clock runs, or stands still while a risk is accepted. */
export const liveStates = ['on_track', 'approaching', 'breached'] as const
type LiveState = (typeof liveStates)[number]

export function isLiveState(state: SlaState): state is LiveState {
  return liveStates.some((live) => live === state)
}

/** `whereSlaState` for what is open or accepted, in no more columns than the indexes in the list's orders hold. */
export function whereLiveState(scope: SlaScope, states: readonly LiveState[]): RawBuilder<boolean>[] {
  const clock = clockOf(scope)
  const conditions = {
    on_track: sql`v.due_at > ${clock} and coalesce(v.approaches_at, 'infinity') > ${clock}`,
    approaching: sql`v.due_at > ${clock} and v.approaches_at <= ${clock}`,
    breached: sql`v.due_at <= ${clock}`,
  }
  const any = sql.join(
    states.map((state) => sql`(${conditions[state]})`),
    sql` or `,
  )
  return [isSet(scope), sql<boolean>`(${any})`]
}

/** Whether its deadline went by before it was fixed, or has gone by. */
export function isSlaLate(scope: SlaScope): RawBuilder<boolean> {
  return sql<boolean>`case ${slaState(scope)} when 'breached' then true when 'resolved' then v.fixed_at >= v.due_at else false end`
}

/** Where a vulnerability stands, as the API tells it. */
export type SlaStanding = {
  state: SlaState
  due_at: string | null
  days: number | null
  is_paused: boolean
  is_late: boolean
}

type Columns = {
  sla_state: SlaState
  due_at: Date | null
  sla_days: number | null
  sla_paused_at: Date | null
  is_late: boolean
}

/** Columns of a statement that asked for `slaState` and `isSlaLate`. A deadline that moves along with the clock is none. */
export function toStanding({ sla_state: state, due_at, sla_days: days, sla_paused_at, is_late }: Columns): SlaStanding {
  if (state === 'not_set' || state === 'not_tracked')
    return { state, due_at: null, days: null, is_paused: false, is_late: false }
  const isPaused = sla_paused_at !== null
  const dueAt = isPaused && state !== 'breached' ? null : (due_at?.toISOString() ?? null)
  return { state, due_at: dueAt, days, is_paused: isPaused, is_late }
}
