import { imageWithoutTag } from '../image-name.ts'
import { readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import type { KnownWays } from '../known-ways.ts'

/** What a project says of all its issues. */
export type SnykProject = {
  packageManager: string
  /** The manifest or template. */
  file: string
  name: string
  path: string
  isImage: boolean
}

export type SnykContext = {
  projects: Map<string, SnykProject>
  ways: KnownWays
  /** Projects that could not be tested. */
  failed: number
}

export function newContext(): SnykContext {
  return { projects: new Map(), ways: new Map(), failed: 0 }
}

const fields = new Set<unknown>([
  'packageManager',
  'displayTargetFile',
  'targetFile',
  'projectName',
  'path',
  'docker',
  'error',
])

/** The project that a path is in (one of a list, or an application in an image), and what is left within it. */
export function splitPath(path: JsonPath): { project: JsonPath; rest: JsonPath } {
  let depth = typeof path[0] === 'number' ? 1 : 0
  if (path[depth] === 'applications' && path.length > depth + 1) depth += 2
  return { project: path.slice(0, depth), rest: path.slice(depth) }
}

export function wish(path: JsonPath): Wish {
  const { rest } = splitPath(path)
  const [field, part] = rest
  if (rest.length === 0) return 'enter'
  switch (field) {
    case 'vulnerabilities':
    case 'infrastructureAsCodeIssues':
      return rest.length === 1 ? 'enter' : 'take'
    case 'applications':
      return 'enter'
    case 'filtered':
      if (part === undefined) return 'enter'
      if (part !== 'ignore' && part !== 'patch') return 'skip'
      return rest.length === 2 ? 'enter' : 'take'
    case 'result':
      if (part === undefined) return 'enter'
      if (part !== 'cloudConfigResults') return 'skip'
      return rest.length === 2 ? 'enter' : 'take'
    default:
      return fields.has(field) ? 'take' : 'skip'
  }
}

export function isResult(path: JsonPath): boolean {
  const [field] = splitPath(path).rest
  const { length } = splitPath(path).rest
  if (field === 'vulnerabilities' || field === 'infrastructureAsCodeIssues') return length === 2
  return (field === 'filtered' || field === 'result') && length === 3
}

export function learnField(context: SnykContext, path: JsonPath, value: unknown): void {
  const { project, rest } = splitPath(path)
  const [field] = rest
  if (rest.length !== 1 || !fields.has(field) || value === null) return
  const known = projectOf(context, project)
  context.projects.set(project.join('/'), known)
  const text = readText(value) ?? ''
  if (field === 'packageManager') known.packageManager = text
  if (field === 'displayTargetFile' || (field === 'targetFile' && known.file === '')) known.file = text
  if (field === 'projectName') known.name = text
  if (field === 'path') known.path = text
  if (field === 'docker') known.isImage = true
  if (field === 'error') context.failed += 1
}

export function projectOf({ projects }: SnykContext, project: JsonPath): SnykProject {
  return projects.get(project.join('/')) ?? { packageManager: '', file: '', name: '', path: '', isImage: false }
}

/** The file that brings the packages in; of an image its name without the tag, for the next build is the same image. */
export function placeOf({ file, name, path, isImage }: SnykProject): string {
  const image = name.startsWith('docker-image|') ? name.slice('docker-image|'.length) : ''
  return isImage || image !== '' ? imageWithoutTag(image === '' ? path : image) : file
}
