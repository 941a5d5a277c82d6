import type { Person } from '../model.ts'
import { type Sim, stableSecret, stableUuid } from '../state.ts'

interface SeedPerson {
  name: string
  email: string
  role: string
  kind?: Person['kind']
  timeZone?: string
  isSiteAdmin?: boolean
  hasSiteAccess?: boolean
}

/** Invented people of an invented company. */
const seedPeople: SeedPerson[] = [
  { name: 'Mara Lind', email: 'mara@meadow-goods.example', role: 'site administrator', isSiteAdmin: true },
  { name: 'Tomas Okoye', email: 'tomas@meadow-goods.example', role: 'developer' },
  {
    name: 'Yuki Brandt',
    email: 'yuki@meadow-goods.example',
    role: 'developer, does not see LEDG',
    timeZone: 'Asia/Tokyo',
  },
  { name: 'Ines Calder', email: 'ines@meadow-goods.example', role: 'security, administers both projects' },
  { name: 'Sync Service', email: 'sync@meadow-goods.example', role: 'account for programs, may work in both projects' },
  { name: 'Piet Oosten', email: 'piet@elsewhere.example', role: 'outsider, not on this site', hasSiteAccess: false },
]

/** Everybody, each with an API token without scopes. The password is the first name in lower case. */
export function plantPeople(sim: Sim): void {
  for (const one of seedPeople) {
    const person: Person = {
      accountId: `712020:${stableUuid(sim.seed, one.email)}`,
      kind: one.kind ?? 'atlassian',
      displayName: one.name,
      email: one.email,
      password: one.email.split('@')[0] ?? '',
      timeZone: one.timeZone ?? 'Etc/UTC',
      isActive: true,
      isSiteAdmin: one.isSiteAdmin ?? false,
      hasSiteAccess: one.hasSiteAccess ?? true,
      role: one.role,
    }
    sim.people.push(person)
    sim.credentials.push({
      kind: 'api_token',
      token: `ATATT3x${stableSecret(sim.seed, `token-${one.email}`, 60)}`,
      person,
      scopes: null,
      expiresAt: null,
      isRevoked: false,
      clientId: null,
      grantId: null,
    })
  }
}

/** A seeded person by the name before the @. */
export function getPerson(sim: Sim, name: string): Person {
  const found = sim.people.find((one) => one.email.startsWith(`${name}@`))
  if (found === undefined) throw new Error(`nobody is called ${name}`)
  return found
}
