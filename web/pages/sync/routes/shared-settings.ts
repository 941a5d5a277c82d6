import type { ItemTemplates } from '../../../../src/domain/sending/item-templates.ts'
import type { RouteSending } from '../../../../src/domain/sending/sending-rules.ts'
import type { StateMaps } from '../../../../src/domain/sending/state-maps.ts'
import { type Status, statuses } from '../../../../src/domain/status.ts'
import type { SettingValues } from './settings-form.ts'

/** Settings every tracker has, drawn by forms of their own; `statuses` is how maps out were written before. */
export const sharedSettings: ReadonlySet<string> = new Set(['templates', 'send_code', 'states', 'statuses'])

export function readSending(values: SettingValues): RouteSending {
  const { templates, send_code: sendsCode } = values
  return {
    ...(isTemplates(templates) && { templates }),
    ...(typeof sendsCode === 'boolean' && { send_code: sendsCode }),
  }
}

export function writeSending(values: SettingValues, sending: RouteSending): SettingValues {
  const { templates: _templates, send_code: _code, ...others } = values
  return { ...others, ...sending }
}

/** What the route says of states; names of statuses alone, as they were written before, are read along. */
export function readStates(values: SettingValues): StateMaps {
  const { states, statuses: before } = values
  const maps = isStates(states) ? states : {}
  const names =
    typeof before === 'object' && before !== null ? new Map<string, unknown>(Object.entries(before)) : new Map()
  const lifted = statuses.flatMap((status) => {
    const name: unknown = names.get(status)
    return typeof name === 'string'
      ? [[status, { kind: 'state' as const, name, is_closed: isOver(status) }] as const]
      : []
  })
  return lifted.length === 0 ? maps : { ...maps, out: { ...Object.fromEntries(lifted), ...maps.out } }
}

export function writeStates(values: SettingValues, states: StateMaps): SettingValues {
  const { statuses: _before, ...others } = values
  return { ...others, states }
}

/** As every tracker takes a status whose item asks for no more work. */
function isOver(status: Status): boolean {
  return status === 'fixed' || status === 'risk_accepted' || status === 'false_positive' || status === 'suppressed'
}

/** What the server has stored it has checked. */
function isTemplates(value: unknown): value is ItemTemplates {
  return typeof value === 'object' && value !== null
}

function isStates(value: unknown): value is StateMaps {
  return typeof value === 'object' && value !== null
}
