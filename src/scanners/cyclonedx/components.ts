import { type PackageRef, parsePackageUrl } from '../../domain/package-identity.ts'
import { imageWithoutTag } from '../image-name.ts'
import { isObject, readList, readObject, readText } from '../json-fields.ts'

/** What stands behind a reference: the package, and the file inside an image or folder that it was found in. */
export type Component = { package: PackageRef; path: string | null }

/** A component whose fields come one by one, in any order, with other components in between. */
type Open = { key: string; depth: number; fields: Map<string, string>; path: string | null; vulnerabilities: number[] }

export type Components = {
  open: Open[]
  byRef: Map<string, Component>
  /** Of vulnerabilities that lie inside a component, by where they begin. */
  owners: Map<number, Component>
  /** What the whole bill of materials is about. */
  subject: Component | null
  count: number
}

export const componentFields: ReadonlySet<string> = new Set([
  'bom-ref',
  'purl',
  'name',
  'group',
  'version',
  'type',
  'properties',
])

/** The key of what the whole bill of materials is about. */
export const subjectKey = 'subject'

/** Where tools write the file a package was found in. What says how a package is used (`evidence`) is not that. */
const pathProperties = ['weir:path', 'aquasecurity:trivy:FilePath', 'syft:location:0:path', 'SrcFile']

export function newComponents(): Components {
  return { open: [], byRef: new Map(), owners: new Map(), subject: null, count: 0 }
}

/** The component that `key` names, `depth` steps below the top; those beside it and below it are complete now. */
export function openComponent(components: Components, key: string, depth: number): Open {
  closeBelow(components, depth)
  const top = components.open.at(-1)
  if (top?.depth === depth && top.key === key) return top
  if (top?.depth === depth) close(components)
  const opened: Open = { key, depth, fields: new Map(), path: null, vulnerabilities: [] }
  components.open.push(opened)
  return opened
}

/** The component that is open at this depth, when one is. */
export function componentAtDepth(components: Components, depth: number): Open | undefined {
  closeBelow(components, depth)
  const top = components.open.at(-1)
  return top?.depth === depth ? top : undefined
}

export function closeAll(components: Components): void {
  closeBelow(components, -1)
}

export function addField(component: Open, name: string, value: unknown): void {
  if (name === 'properties') component.path ??= readPath(value)
  else if (typeof value === 'string') component.fields.set(name, value.trim())
}

function closeBelow(components: Components, depth: number): void {
  for (let top = components.open.at(-1); top !== undefined && top.depth > depth; top = components.open.at(-1))
    close(components)
}

function close(components: Components): void {
  const open = components.open.pop()
  if (open === undefined) return
  const component = toComponent(open)
  if (component === undefined) return
  if (open.key === subjectKey) components.subject = component
  else components.count += 1
  for (const at of open.vulnerabilities) components.owners.set(at, component)
  for (const ref of [open.fields.get('bom-ref'), open.fields.get('purl')])
    if (ref !== undefined && !components.byRef.has(ref)) components.byRef.set(ref, component)
}

function toComponent({ fields, path }: Open): Component | undefined {
  const version = fields.get('version') ?? null
  const purl = parsePackageUrl(fields.get('purl') ?? '')
  const name = [fields.get('group'), fields.get('name')].filter((part) => part !== undefined && part !== '').join('/')
  if (purl === undefined && name === '') return undefined
  const isImage = fields.get('type') === 'container' || purl?.ecosystem === 'oci' || purl?.ecosystem === 'docker'
  const found = purl ?? {
    ecosystem: isImage ? 'oci' : 'generic',
    name: isImage ? imageWithoutTag(name) : name,
    version,
  }
  // The version of an image is its digest: the same image built again is another.
  const ref = { ...found, version: isImage ? null : (found.version ?? version) }
  const isOfSystem = ['deb', 'rpm', 'apk'].includes(ref.ecosystem)
  return { package: ref, path: isOfSystem ? null : path }
}

function readPath(properties: unknown): string | null {
  const values = new Map(
    readList(properties)
      .filter(isObject)
      .map((property) => [readObject(property)['name'], readText(property['value'])]),
  )
  return pathProperties.map((name) => values.get(name)).find((value) => value !== undefined) ?? null
}

/** What a vulnerability says it affects, by its reference; undefined where nothing is known but the reference itself. */
export function findComponent({ byRef }: Components, ref: string): Component | undefined {
  const known = byRef.get(ref)
  if (known !== undefined) return known
  // A link into another bill of materials: urn:cdx:serial/version#ref
  const inside = ref.startsWith('urn:cdx:') && ref.includes('#') ? decode(ref.slice(ref.indexOf('#') + 1)) : ref
  const linked = byRef.get(inside)
  if (linked !== undefined) return linked
  const purl = parsePackageUrl(inside)
  return purl === undefined ? undefined : { package: purl, path: null }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
