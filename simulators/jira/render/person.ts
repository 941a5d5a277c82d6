import type { JsonObject } from '../../shared/json.ts'
import type { Person } from '../model.ts'
import { type Place, self } from './place.ts'

const sizes = ['48x48', '24x24', '16x16', '32x32']

export function renderAvatars(place: Place, path: string): JsonObject {
  return Object.fromEntries(
    sizes.map((size) => [size, `${place.sim.url}/_web/avatar.svg?of=${path}&size=${size.split('x')[0] ?? ''}`]),
  )
}

export function renderPerson(place: Place, person: Person): JsonObject {
  const mayShow = place.sim.switches.showEmails || place.viewer === person
  return {
    self: self(place, `user?accountId=${encodeURIComponent(person.accountId)}`),
    accountId: person.accountId,
    ...(mayShow ? { emailAddress: person.email } : {}),
    avatarUrls: renderAvatars(place, encodeURIComponent(person.accountId)),
    displayName: person.displayName,
    active: person.isActive,
    timeZone: person.timeZone,
    accountType: person.kind,
  }
}

export function renderPersonOrNull(place: Place, person: Person | null): JsonObject | null {
  return person === null ? null : renderPerson(place, person)
}
