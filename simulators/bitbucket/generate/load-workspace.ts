import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { startGit } from '../git/run-git.ts'
import { unpackOnDemand } from '../git/unpack-on-demand.ts'
import type { Person, Repository, Workspace } from '../model.ts'
import { statusOf } from '../operations/pipeline-status.ts'
import { resultsUrl } from '../render/pipeline.ts'
import { plantCredentials } from '../seed/plant.ts'
import type { Sim } from '../state.ts'
import { type PipelineShelf, readDeployment, readPipeline } from './pipeline-record.ts'
import { readPullRequest } from './pull-request-record.ts'
import { RecordReader } from './record.ts'
import { type Section, type WorkspaceFile, WorkspaceFileError } from './workspace-file.ts'
import { readPerson, readRepository, readWorkspace } from './workspace-record.ts'

interface Loading {
  sim: Sim
  file: WorkspaceFile
  people: Person[]
  shelf: Omit<PipelineShelf, 'repository'>
}

/** Fills an empty simulator from a file. Git folders are made when somebody first needs them. */
export async function loadWorkspace(sim: Sim, file: WorkspaceFile, callbackUrl: string): Promise<void> {
  const loading: Loading = { sim, file, people: [], shelf: { texts: new Map(), scripts: new Map() } }
  const [first, ...rest] = file.sections
  if (first?.kind !== 'workspace') throw new WorkspaceFileError('The file does not begin with a workspace')
  const workspace = readHead(loading, await file.read(first))
  sim.workspaces.push(workspace)
  sim.people.push(...loading.people)
  plantCredentials(sim, workspace, callbackUrl)
  await mkdir(sim.gitRoot, { recursive: true })
  let packedRefs = ''
  for (const section of rest) {
    if (section.kind === 'repository') {
      const reader = new RecordReader(unzip(await file.read(section)), loading.people)
      reader.next()
      const read = readRepository(reader, { workspace, directoryOf: (slug) => join(sim.gitRoot, `${slug}.git`) })
      sim.repositories.push(read.repository)
      packedRefs = read.packedRefs
      continue
    }
    const repository = sim.repositories.at(-1)
    if (repository?.slug !== section.name) throw new WorkspaceFileError(`A section of ${section.name} is out of place`)
    if (section.kind === 'pack') keepPack(loading, repository, { section, packedRefs })
    else readRecords(loading, repository, unzip(await file.read(section)))
  }
}

function unzip(bytes: Buffer): Buffer {
  return gunzipSync(bytes)
}

function readHead(loading: Loading, bytes: Buffer): Workspace {
  const reader = new RecordReader(unzip(bytes), loading.people)
  while (reader.next()) {
    if (reader.word(['person', 'workspace']) === 'workspace') return readWorkspace(reader)
    loading.people.push(readPerson(reader))
  }
  throw new WorkspaceFileError('The file has no workspace')
}

function readRecords(loading: Loading, repository: Repository, bytes: Buffer): void {
  const reader = new RecordReader(bytes, loading.people)
  const shelf: PipelineShelf = { repository, ...loading.shelf }
  while (reader.next()) {
    const kind = reader.word(['pull_request', 'pipeline', 'deployment'])
    if (kind === 'pull_request') repository.pullRequests.push(readPullRequest(reader))
    else if (kind === 'pipeline') repository.pipelines.push(readPipeline(reader, shelf))
    else repository.deployments.push(readDeployment(reader, repository))
  }
  repository.pipelinesConfig.enabled = true
  repository.pipelinesConfig.nextBuildNumber = repository.pipelines.length + 1
}

function keepPack(
  { file }: Loading,
  { directory }: Repository,
  { section, packedRefs }: { section: Section; packedRefs: string },
): void {
  unpackOnDemand(directory, async () => {
    await rm(directory, { recursive: true, force: true })
    await mkdir(join(directory, 'objects', 'pack'), { recursive: true })
    await mkdir(join(directory, 'refs', 'heads'), { recursive: true })
    await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/main\n')
    await writeFile(join(directory, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n')
    await writeFile(join(directory, 'packed-refs'), packedRefs)
    const pack = await file.read(section)
    // The graph lets git find its way through thousands of commits without opening each.
    for (const [args, stdin] of [
      [['index-pack', '--stdin'], pack],
      [['commit-graph', 'write', '--reachable'], ''],
    ] as const) {
      const result = await startGit(directory, [...args], { stdin })
      if (result.code !== 0) throw new Error(`The pack of ${section.name} cannot be unpacked: ${result.stderr.trim()}`)
    }
  })
}

/** What the pipelines left on their commits. They link to pages of the simulator: its address has to be known. */
export function addPipelineStatuses(sim: Sim): void {
  for (const repository of sim.repositories) {
    const latest = new Map<string, Repository['statuses'][number]>()
    for (const pipeline of repository.pipelines) {
      const { target, createdOn, completedOn } = pipeline
      const { key, name, refname, state } = statusOf(pipeline)
      const known = latest.get(`${target.hash} ${key}`)
      latest.set(`${target.hash} ${key}`, {
        hash: target.hash,
        key,
        name,
        refname,
        state: state === 'SUCCESSFUL' || state === 'STOPPED' || state === 'INPROGRESS' ? state : 'FAILED',
        url: resultsUrl(sim, repository, pipeline),
        description: '',
        createdOn: known?.createdOn ?? createdOn,
        updatedOn: completedOn ?? createdOn,
      })
    }
    repository.statuses.push(...latest.values())
  }
}
