import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Person, Workspace } from '../model.ts'
import { newProjectAdministration } from '../operations/new-administration.ts'
import { seedToday } from '../seed/today.ts'
import { stableUuid } from '../state.ts'
import { generateRepository } from './generate-repository.ts'
import { hire, type Staff } from './people.ts'
import { writeDeployment, writePipeline } from './pipeline-record.ts'
import { writePullRequest } from './pull-request-record.ts'
import { RecordWriter } from './record.ts'
import { longestHistory, planRepository } from './repositories.ts'
import { stamp } from './stamp.ts'
import { projectNames } from './words.ts'
import { type Section, WorkspaceFileWriter } from './workspace-file.ts'
import { writePerson, writeRepository, writeWorkspace } from './workspace-record.ts'

export interface GenerateOptions {
  repositories: number
  /** Of each repository. */
  pullRequests: number
  seed: number
  out: string
  say?: (line: string) => void
  /** Ends it after the repository that is being made. */
  signal?: AbortSignal
}

/** So many records make a section: what is in memory at once, when writing and when reading. */
const recordsPerSection = 1000
/** Below all that a running simulator makes. */
const firstId = 100_000_000

/** Invents a workspace and writes it to a file, one repository after the other: memory stays flat. */
export async function generateWorkspace(options: GenerateOptions): Promise<void> {
  const { seed, repositories, pullRequests } = options
  const scale = `${repositories}x${pullRequests}`
  const file = await WorkspaceFileWriter.create(options.out, { seed, scale })
  const folder = await mkdtemp(join(tmpdir(), 'bitbucket-generate-'))
  try {
    const projects = Math.min(projectNames.length, Math.ceil(repositories / 5))
    const since = seedToday - longestHistory
    const staff = hire(seed, { teams: projects, pullRequests: repositories * pullRequests, since, today: seedToday })
    const workspace = makeWorkspace(seed, staff, { projects, since })
    const people = [...workspace.members.map(({ person }) => person), staff.dependencyBot.person, staff.mergeBot.person]
    const records = new Records(file, new Map(people.map((person, index) => [person, index])))
    await records.section('workspace', '', (to) => {
      for (const person of people) writePerson(to, person)
      writeWorkspace(to, workspace)
    })
    let lastId = firstId
    const newId = () => (lastId += 7)
    for (let index = 0; index < repositories; index += 1) {
      options.signal?.throwIfAborted()
      const plan = planRepository(seed, index, { staff, projects, today: seedToday })
      const work = join(folder, `${plan.slug}.git`)
      const { repository, imported } = await generateRepository({
        seed,
        plan,
        workspace,
        pullRequests,
        folder: work,
        newId,
      })
      await records.section('repository', plan.slug, (to) => writeRepository(to, repository, imported.packedRefs))
      await records.many(plan.slug, repository.pullRequests, writePullRequest)
      await records.many(plan.slug, repository.pipelines, (to, one) => writePipeline(to, repository, one))
      await records.many(plan.slug, repository.deployments, (to, one) => writeDeployment(to, repository, one))
      await file.addFile('pack', plan.slug, imported.pack)
      await rm(work, { recursive: true, force: true })
      options.say?.(`${index + 1} of ${repositories}: ${plan.slug}, ${imported.hashes.size} objects`)
    }
    await file.finish()
  } catch (error) {
    await file.abandon()
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

class Records {
  readonly #file: WorkspaceFileWriter
  readonly #people: ReadonlyMap<Person, number>

  constructor(file: WorkspaceFileWriter, people: ReadonlyMap<Person, number>) {
    this.#file = file
    this.#people = people
  }

  async section(kind: Section['kind'], name: string, write: (to: RecordWriter) => void): Promise<void> {
    const to = new RecordWriter(this.#people)
    write(to)
    await this.#file.add(kind, name, gzipSync(to.take()))
  }

  async many<Item>(name: string, items: readonly Item[], write: (to: RecordWriter, item: Item) => void): Promise<void> {
    for (let start = 0; start < items.length; start += recordsPerSection)
      await this.section('records', name, (to) => {
        for (const item of items.slice(start, start + recordsPerSection)) write(to, item)
      })
  }
}

function makeWorkspace(
  seed: number,
  staff: Staff,
  { projects, since }: { projects: number; since: number },
): Workspace {
  const createdOn = stamp(since - 86_400 * 30)
  return {
    uuid: stableUuid(seed, 'workspace'),
    slug: 'lantern-quay',
    name: 'Lantern Quay',
    createdOn,
    members: staff.colleagues.map(({ person }, index) => ({ person, role: index === 0 ? 'owner' : 'member' })),
    projects: projectNames.slice(0, projects).map(([key, name]) => ({
      uuid: stableUuid(seed, `project-${key}`),
      key,
      name,
      description: `Everything about ${name.toLowerCase()}`,
      isPrivate: true,
      createdOn,
      updatedOn: createdOn,
      ...newProjectAdministration(),
    })),
    groups: [],
  }
}
