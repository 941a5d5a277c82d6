import type { Colleague, Staff } from './people.ts'
import type { Life, RepositoryPlan } from './plan.ts'
import { createRandom, itemAt } from './random.ts'
import { repositoryWords } from './words.ts'

const day = 86_400

/** How long ago, in days, a repository of each kind began and had its last pull request. */
const spans: Record<Life, readonly [number, number]> = {
  busy: [540, 1],
  steady: [900, 2],
  young: [250, 1],
  dead: [1500, 420],
}

/** The first few show the variety already. */
const lives: readonly Life[] = ['busy', 'steady', 'young', 'busy', 'dead', 'steady', 'busy', 'steady', 'busy', 'young']

const deliveries: readonly (readonly [RepositoryPlan['delivery'], number])[] = [
  ['continuous', 30],
  ['rounds', 35],
  ['train', 20],
  ['library', 15],
]

/** Seconds before today that the oldest repository began. */
export const longestHistory = spans.dead[0] * day

function slugAt(index: number): string {
  const { first, second } = repositoryWords
  const column = Math.floor(index / first.length)
  const round = Math.floor(column / second.length)
  const slug = `${itemAt(first, index % first.length)}-${itemAt(second, ((index % first.length) + column) % second.length)}`
  return round === 0 ? slug : `${slug}-${round + 1}`
}

export function planRepository(
  seed: number,
  index: number,
  company: { staff: Staff; projects: number; today: number },
): RepositoryPlan {
  const { staff, projects, today } = company
  const slug = slugAt(index)
  const random = createRandom(seed, `repository-${slug}`)
  const life = itemAt(lives, index % lives.length)
  const [began, ended] = spans[life]
  const projectIndex = index % projects
  const isOfTeam = (one: Colleague) => one.team === projectIndex
  const name = slug.replace(
    /(^|-)([a-z])/g,
    (_all, dash: string, letter: string) => `${dash === '' ? '' : ' '}${letter.toUpperCase()}`,
  )
  return {
    slug,
    name,
    description: `${name} of the company`,
    projectIndex,
    life,
    from: today - Math.round(began * (0.8 + random.next() * 0.2)) * day,
    to: today - Math.round(ended * (0.8 + random.next() * 0.4) * day),
    today,
    staff,
    team: staff.colleagues.filter(isOfTeam),
    others: staff.colleagues.filter((one) => !isOfTeam(one)),
    delivery: random.weighted(deliveries),
    strategy: random.weighted([
      ['merge_commit', 5],
      ['squash', 4],
      ['fast_forward', 2],
    ] as const),
    approvals: random.chance(0.3) ? 2 : 1,
    pipelineMinutes: Math.min(25, random.longTail(5, 0.6)),
    hasPullRequestPipelines: random.chance(0.6),
  }
}
