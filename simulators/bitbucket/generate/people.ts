import type { Person } from '../model.ts'
import { stableUuid, toTimestamp } from '../state.ts'
import type { WorkingHours } from './calendar.ts'
import { createRandom, itemAt, type Random } from './random.ts'
import { firstNames, lastNames } from './words.ts'

/** A person with the habits that their history shows. */
export interface Colleague extends WorkingHours {
  person: Person
  /** Number of the team, which is that of its project. */
  team: number
  /** First and last moment in the company. */
  joined: number
  left: number
  /** Working hours between a request for review and the answer; the median. */
  reviewHours: number
  /** Remarks in a usual review. */
  remarks: number
  /** How often the first look ends in a request for changes. */
  strictness: number
  /** Working hours a commit takes; the median. */
  commitHours: number
  /** Share of the team's work. */
  weight: number
}

export interface Staff {
  /** In the order of the workspace's members; the first is its owner. */
  colleagues: Colleague[]
  dependencyBot: Colleague
  mergeBot: Colleague
}

const domain = 'lantern-quay.example'
const wholeWeek = [0, 1, 2, 3, 4, 5, 6]
const workWeek = [1, 2, 3, 4, 5]
const dayHours = 24

/** Where people sit: hours east of Greenwich, and how many of a hundred. */
const places = [
  [60, 52],
  [0, 12],
  [120, 10],
  [330, 10],
  [-300, 12],
  [-480, 4],
] as const

function makePerson(seed: number, name: string, more: Partial<Person> & Pick<Person, 'displayName'>): Person {
  const uuid = stableUuid(seed, `person-${name}`)
  const [first = ''] = name.split('-')
  return {
    kind: 'user',
    uuid,
    accountId: `712020:${stableUuid(seed, `account-${name}`).slice(1, -1)}`,
    username: name,
    email: `${name.replaceAll('-', '.')}@${domain}`,
    password: first,
    role: 'developer',
    createdOn: '',
    ...more,
  }
}

function makeHours(random: Random, today: number): WorkingHours {
  const kind = random.weighted([
    ['usual', 74],
    ['owl', 5],
    ['early', 8],
    ['part_time', 10],
    ['weekend', 3],
  ] as const)
  const thisYear = Math.floor(today / 86_400)
  const vacations = [0, 1, 2, 3, 4].flatMap((year) =>
    [0, 1].map((half) => {
      const first = thisYear - year * 365 - half * 170 - random.int(0, 150)
      return [first, first + random.weighted([[4, 3] as const, [11, 3], [18, 2]])] as const
    }),
  )
  return {
    offsetMinutes: random.weighted(places),
    startHour: kind === 'owl' ? random.int(17, 19) : kind === 'early' ? 7 : random.int(8, 10),
    hoursPerDay: kind === 'part_time' ? random.int(4, 6) : kind === 'owl' ? 7 : random.int(8, 9),
    weekdays:
      kind === 'weekend'
        ? [...workWeek, 6]
        : kind === 'part_time'
          ? workWeek.slice(random.int(0, 2)).slice(0, 4)
          : workWeek,
    vacations,
  }
}

function makeBot(seed: number, name: string, displayName: string, since: number): Colleague {
  const person = makePerson(seed, name, { displayName, kind: 'app_user', role: 'bot', password: '' })
  return {
    person: {
      ...person,
      email: `${person.uuid.slice(1, 9)}@bots.bitbucket.example`,
      createdOn: toTimestamp(since * 1e6),
    },
    team: -1,
    joined: since,
    left: Number.MAX_SAFE_INTEGER,
    offsetMinutes: 0,
    startHour: 0,
    hoursPerDay: dayHours,
    weekdays: wholeWeek,
    vacations: [],
    reviewHours: 0.1,
    remarks: 0,
    strictness: 0,
    commitHours: 0.01,
    weight: 0,
  }
}

/** How many people it takes for that many pull requests: four or so a week from the busiest. */
function headcount(pullRequests: number, teams: number): number {
  return Math.min(firstNames.length * lastNames.length, Math.max(6, teams * 4, Math.round(pullRequests / 220)))
}

export function hire(
  seed: number,
  company: { teams: number; pullRequests: number; since: number; today: number },
): Staff {
  const { teams, since, today } = company
  const random = createRandom(seed, 'people')
  const count = headcount(company.pullRequests, teams)
  const colleagues = Array.from({ length: count }, (_, index): Colleague => {
    const [first, last] = [itemAt(firstNames, index % firstNames.length), itemAt(lastNames, index % lastNames.length)]
    const isLead = index < teams
    // The first of each team are there from beginning to end, so that somebody always is.
    const isLate = index >= teams * 3 && random.chance(0.3)
    const isGone = index >= teams * 3 && !isLate && random.chance(0.15)
    const joined = isLate ? since + Math.floor(random.next() * (today - since) * 0.7) : since
    const name = `${first}-${last}`
      .toLowerCase()
      .normalize('NFD')
      .replace(/[^a-z-]/g, '')
    const [reviewHours, remarks] = random.weighted([
      [[0.4, 1.8], 4],
      [[1, 2.5], 5],
      [[2.5, 3.1], 3],
      [[9, 2.5], 1.5],
    ] as const)
    return {
      person: makePerson(seed, name, {
        displayName: `${first} ${last}`,
        role: index === 0 ? 'owner' : isLead ? 'lead' : 'developer',
        createdOn: toTimestamp((joined - 86_400 * 3) * 1e6 + 137_208),
      }),
      team: index % teams,
      joined,
      left: isGone ? since + Math.floor((0.4 + random.next() * 0.5) * (today - since)) : Number.MAX_SAFE_INTEGER,
      ...makeHours(random, today),
      reviewHours,
      remarks,
      strictness: random.next() * 0.5,
      commitHours: random.longTail(2.2, 0.4),
      weight: isLead ? 2 : 0.4 + random.next() * 1.4,
    }
  })
  return {
    colleagues,
    dependencyBot: makeBot(seed, 'dependency-updates-bot', 'Dependency updates', since),
    mergeBot: makeBot(seed, 'merge-queue-bot', 'Merge queue', since),
  }
}

/** Who of a list is with the company at a moment; everybody when nobody is. */
export function presentAt(people: readonly Colleague[], moment: number): readonly Colleague[] {
  const present = people.filter((one) => one.joined <= moment && moment < one.left)
  return present.length === 0 ? people : present
}
