import { imageWithoutTag } from '../image-name.ts'
import { readObject, readText } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'

/** What one element of `Results` says of all its findings. */
export type TrivyGroup = { target: string; class: string; type: string }

export type TrivyContext = {
  version: string | null
  commit: string | null
  groups: Map<string, TrivyGroup>
  /** Kubernetes resources, as namespace, kind and name. */
  resources: Map<string, { namespace: string; kind: string; name: string }>
  /** Resources that could not be scanned. */
  failed: number
}

export function newContext(): TrivyContext {
  return { version: null, commit: null, groups: new Map(), resources: new Map(), failed: 0 }
}

const kubernetes = new Set<unknown>(['Resources', 'Findings', 'Vulnerabilities', 'Misconfigurations'])
const sections = new Set<unknown>([
  'Vulnerabilities',
  'Misconfigurations',
  'Secrets',
  'Licenses',
  'ExperimentalModifiedFindings',
])

/** Where in the three layouts a path is: in which resource, in which group of results, and what is left within it. */
export function splitPath(path: JsonPath): { resource: JsonPath; group: JsonPath; rest: JsonPath } {
  const [top] = path
  const depth = typeof top === 'number' ? 1 : top === 'Results' ? 2 : path[2] === 'Results' ? 4 : path.length
  return {
    resource: kubernetes.has(top) ? path.slice(0, 2) : [],
    group: path.slice(0, depth),
    rest: path.slice(depth),
  }
}

export function wish(path: JsonPath): Wish {
  const [top, second, third] = path
  if (path.length === 0) return 'enter'
  if (top === 'Trivy') return 'take'
  if (top === 'Metadata') return path.length === 1 ? 'enter' : second === 'Commit' ? 'take' : 'skip'
  if (typeof top !== 'number' && top !== 'Results' && !kubernetes.has(top)) return 'skip'
  const { rest } = splitPath(path)
  if (rest.length === 0) {
    if (!kubernetes.has(top) || path.length <= 2 || third === 'Results') return 'enter'
    return third === 'Namespace' || third === 'Kind' || third === 'Name' || third === 'Error' ? 'take' : 'skip'
  }
  const [field] = rest
  if (sections.has(field)) return rest.length === 1 ? 'enter' : 'take'
  return field === 'Target' || field === 'Class' || field === 'Type' ? 'take' : 'skip'
}

export function learnField(context: TrivyContext, path: JsonPath, value: unknown): void {
  const [top, second, third] = path
  if (top === 'Trivy') context.version = readText(readObject(value)['Version']) ?? null
  if (top === 'Metadata' && second === 'Commit') context.commit = readText(value) ?? null
  const text = readText(value)
  if (text === undefined) return
  const { resource, group, rest } = splitPath(path)
  if (rest.length === 1) {
    const known = context.groups.get(group.join('/')) ?? { target: '', class: '', type: '' }
    context.groups.set(group.join('/'), known)
    if (rest[0] === 'Target') known.target = text
    if (rest[0] === 'Class') known.class = text
    if (rest[0] === 'Type') known.type = text
  } else if (resource.length === 2 && path.length === 3) {
    if (third === 'Error') context.failed += 1
    const known = context.resources.get(resource.join('/')) ?? { namespace: '', kind: '', name: '' }
    context.resources.set(resource.join('/'), known)
    if (third === 'Namespace') known.namespace = text
    if (third === 'Kind') known.kind = text
    if (third === 'Name') known.name = text
  }
}

export function groupOf(context: TrivyContext, path: JsonPath): TrivyGroup {
  return context.groups.get(splitPath(path).group.join('/')) ?? { target: '', class: '', type: '' }
}

/** Where a finding is: the file, the image without its tag, or the Kubernetes resource; `own` is the package's file, if it has one. */
export type FindPath = (own: string | undefined) => string

export function findPlace(context: TrivyContext, path: JsonPath): FindPath {
  const resource = context.resources.get(splitPath(path).resource.join('/'))
  const group = groupOf(context, path)
  return (own) => {
    const target = own ?? plainTarget(group)
    if (resource === undefined) return target
    const owner = [resource.namespace, resource.kind, resource.name].filter((step) => step !== '')
    // Of a configuration the target says once more which resource it is.
    return own === undefined && group.class === 'config' ? owner.join('/') : [...owner, target].join('/')
  }
}

/** `registry/app:1.2 (debian 12.5)` is named after its image alone, for the next build is the same image. */
function plainTarget(group: TrivyGroup): string {
  const system = / \([^()]{1,100}\)$/.exec(group.target)
  const isSystem = group.class === 'os-pkgs' || (group.class === '' && system !== null)
  if (!isSystem) return group.target
  return imageWithoutTag(system === null ? group.target : group.target.slice(0, system.index))
}
