import { mkdir } from 'node:fs/promises'
import { runGit } from '../git/run-git.ts'
import type { Repository, Workspace } from '../model.ts'
import { newRepository } from '../operations/new-repository.ts'
import { stableUuid } from '../state.ts'
import { addTag, FastImport, type Imported } from './fast-import.ts'
import { signature, writeHistory } from './history.ts'
import type { RepositoryPlan } from './plan.ts'
import { createRandom, itemAt } from './random.ts'
import { planAll } from './relate.ts'
import { planReleases } from './releases.ts'
import { stamp } from './stamp.ts'
import { tellPipelines } from './to-pipelines.ts'
import { toPullRequest } from './to-pull-request.ts'

interface Order {
  seed: number
  plan: RepositoryPlan
  workspace: Workspace
  pullRequests: number
  /** Where git may work; whoever asks removes it. */
  folder: string
  newId: () => number
}

/** Invents a repository: first what happened when, then its git, then the records that name its commits. */
export async function generateRepository(order: Order): Promise<{ repository: Repository; imported: Imported }> {
  const { seed, plan, folder } = order
  const random = createRandom(seed, `history-${plan.slug}`)
  await mkdir(folder, { recursive: true })
  await runGit(folder, ['init', '--quiet', '--bare', '--initial-branch=main', '--template='])
  const stream = new FastImport(folder)
  const planned = planAll(plan, random, order.pullRequests)
  const history = await writeHistory(plan, planned, { stream, random })
  const releases = planReleases(plan, random, history.main)
  for (const { tag, entry, by, at } of releases)
    if (tag !== null) addTag(stream, { name: tag, mark: entry.mark, by: signature(by, at), message: `Release ${tag}` })
  const imported = await stream.finish()
  const hashOf = (mark: number) => {
    const hash = imported.hashes.get(mark)
    if (hash === undefined) throw new Error(`no commit has the mark ${mark}`)
    return hash
  }
  const repository = emptyRepository(order)
  const told = { history, hashOf, random, newId: order.newId }
  repository.pullRequests.push(...planned.map((one) => toPullRequest(one, told)))
  tellPipelines({ seed, plan, random, repository, history, hashOf }, planned, releases)
  const lastAt = Math.max(plan.from, ...history.main.slice(-1).map((entry) => entry.at))
  repository.updatedOn = stamp(lastAt)
  return { repository, imported }
}

function emptyRepository({ seed, plan, workspace }: Order): Repository {
  const { slug, name, description, staff } = plan
  const permissionOf = (team: number, role: string) =>
    role === 'owner' || (team === plan.projectIndex && role === 'lead')
      ? 'admin'
      : team === plan.projectIndex
        ? 'write'
        : 'read'
  const permissions = new Map(
    staff.colleagues.map(({ person, team }) => [person.uuid, permissionOf(team, person.role)] as const),
  )
  for (const bot of [staff.dependencyBot, staff.mergeBot]) permissions.set(bot.person.uuid, 'write')
  return newRepository(
    {
      uuid: stableUuid(seed, `repository-${slug}`),
      slug,
      name,
      workspace,
      project: itemAt(workspace.projects, plan.projectIndex),
      createdOn: stamp(plan.from),
      directory: '',
    },
    { description, language: 'typescript', permissions, size: 60_000 + plan.slug.length * 9973 },
  )
}
