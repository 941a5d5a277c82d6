import { isObject } from '../../shared/json.ts'

/** What stands at each path of a JSON value: `values[].author.uuid` → `uuid`. Members of a list count as one. */
export type Shape = Map<string, Set<string>>

/** Words of Bitbucket's addresses; anything else in one is somebody's name, number or hash. */
const addressWords = new Set(
  `2.0 activity approve branch changeset clone comments commit commits decline diff diffstat downloads filehistory forks
  hooks merge patch pull-requests pullrequests refs repositories request-changes src statuses tag tags tasks users watchers
  workspaces`.split(/\s+/),
)
/** What follows these is a path of the repository's own. */
const lastWords = ['src', 'filehistory']

function addressKind(text: string, path: string): string {
  // Pictures come from many hosts.
  if (path.endsWith('avatar.href')) return 'picture'
  const { protocol, host, pathname } = new URL(text)
  if (!/(^|\.)bitbucket\.org$/.test(host)) return 'address elsewhere'
  const words = pathname.split('/').map((word) => (addressWords.has(word) || word === '' ? word : '*'))
  const last = words.findIndex((word) => lastWords.includes(word))
  return `${protocol}//${host}${words.slice(0, last === -1 ? undefined : last + 1).join('/')}`
}

const formats: [kind: string, pattern: RegExp][] = [
  ['uuid', /^\{[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\}$/],
  ['time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?[+-]\d\d:\d\d$/],
  ['time in Z', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/],
  ['hash', /^[\da-f]{40}$/],
  ['short hash', /^[\da-f]{12}$/],
]

function kindOf(value: unknown, path: string): string {
  if (value === null) return 'null'
  if (typeof value !== 'string') return typeof value
  const format = formats.find(([, pattern]) => pattern.test(value))
  if (format !== undefined) return format[0]
  return /^https?:\/\//.test(value) && URL.canParse(value) ? addressKind(value, path) : 'text'
}

/** The shape of a value. */
export function shapeOf(value: unknown, path = '', shape: Shape = new Map()): Shape {
  const note = (kind: string) => shape.set(path, (shape.get(path) ?? new Set()).add(kind))
  if (Array.isArray(value)) {
    note('list')
    for (const member of value) shapeOf(member, `${path}[]`, shape)
  } else if (isObject(value)) {
    note('object')
    for (const [key, member] of Object.entries(value)) shapeOf(member, path === '' ? key : `${path}.${key}`, shape)
  } else note(kindOf(value, path))
  return shape
}

const parentOf = (path: string) => path.replace(/(\[\]|\.[^.[]+)$/, '')

/** Whether this shape has what holds the path, so that its absence says something. */
function holds(shape: Shape, path: string): boolean {
  const parent = parentOf(path)
  return parent === path || (shape.get(parent)?.has('object') ?? false)
}

/**
 * How two shapes differ, in words. Null fits everything, as no recording shows every value; below an empty list or an
 * object that one side lacks nothing is said.
 */
export function shapeDifferences(recorded: Shape, ours: Shape): string[] {
  const missing = [...recorded.keys()].filter((path) => !ours.has(path) && holds(ours, path) && !path.endsWith('[]'))
  const extra = [...ours.keys()].filter((path) => !recorded.has(path) && holds(recorded, path) && !path.endsWith('[]'))
  const other = [...recorded].flatMap(([path, kinds]) => {
    const have = ours.get(path)
    if (have === undefined) return []
    const theirs = [...kinds].filter((kind) => kind !== 'null')
    const mine = [...have].filter((kind) => kind !== 'null')
    const common = theirs.length === 0 || mine.length === 0 || theirs.some((kind) => mine.includes(kind))
    return common ? [] : [`${path}: recorded ${theirs.join(' or ')}, ours ${mine.join(' or ')}`]
  })
  return [...missing.map((path) => `${path}: missing`), ...extra.map((path) => `${path}: not recorded`), ...other]
}
