import { countOf } from '../count-of.ts'
import { countOnce } from '../count-once.ts'
import { jsonFormat, xmlFormat } from '../define-format.ts'
import { isObject, readList, readObject, readText } from '../json-fields.ts'
import { jsonOrXml } from '../json-or-xml.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import type { ReportTool, Scanner } from '../scanner.ts'
import type { XmlPath } from '../xml-slicer.ts'
import {
  addField,
  type Components,
  closeAll,
  componentAtDepth,
  componentFields,
  newComponents,
  openComponent,
  subjectKey,
} from './components.ts'
import { propertiesFromXml, toolsFromXml, vulnerabilityFromXml } from './from-xml.ts'
import { readVulnerability } from './vulnerability.ts'

type Context = {
  components: Components
  tool: { name: string; version: string | null }
  /** There is a list of vulnerabilities, if only an empty one: somebody looked for them. */
  looksForVulnerabilities: boolean
}

const common = {
  name: 'cyclonedx',
  title: 'CycloneDX',
  newContext: (): Context => ({
    components: newComponents(),
    tool: { name: 'CycloneDX', version: null },
    looksForVulnerabilities: false,
  }),
  check: ({ components }: Context) => closeAll(components),
  tools: ({ tool, looksForVulnerabilities }: Context): ReportTool[] => [
    {
      ...tool,
      problem: looksForVulnerabilities
        ? null
        : 'the bill of materials does not say whether vulnerabilities were looked for',
    },
  ],
  unread: ({ components: { count } }: Context) =>
    count === 0 ? [] : [`${countOf(count, 'component')}, looked at only to name what is vulnerable.`],
}

/**
 * CycloneDX 1.2 to 1.6 in JSON and XML: vulnerabilities of the whole (since 1.4), of a component (the extension before), and
 * VEX. https://cyclonedx.org/docs/1.6/json/ and https://github.com/CycloneDX/specification/tree/1.6/schema/ext
 */
export const cyclonedx: Scanner = countOnce(jsonOrXml(newJson(), newXml()))

function newJson(): Scanner {
  const scanner = defineJson({ isListed: false })
  return { ...scanner, read: (source, limits) => defineJson({ isListed: false }).read(source, limits) }
}

/** An empty list leaves no trace but that it was wished for, so each reading has a note of its own. */
function defineJson(note: { isListed: boolean }): Scanner {
  return jsonFormat<Context>({
    ...common,
    recognise: (head) =>
      /^\s*\{/.test(head) &&
      (/"bomFormat"\s*:\s*"CycloneDX"|"\$schema"\s*:\s*"https?:\/\/cyclonedx\.org\/schema\/bom/.test(head) ||
        // What says so may stand behind a list longer than what is looked at here.
        (/^\s*\{\s*"(components|vulnerabilities|dependencies|metadata|serialNumber|version)"\s*:/.test(head) &&
          /"(bom-ref|ratings)"\s*:/.test(head) &&
          /"(purl|ratings|affects)"\s*:/.test(head))),
    wish: (path) => {
      if (isVulnerabilityList(path)) note.isListed = true
      return wishOfJson(path)
    },
    isResult: (path) => typeof path.at(-1) === 'number' && isVulnerabilityList(path.slice(0, -1)),
    learn: ({ components, tool }, { path, value, at }) => {
      const depth = componentDepth(path)
      if (depth > 0) {
        const component = openComponent(components, keyOf(path.slice(0, depth)), depth)
        const field = path[depth]
        if (field === 'vulnerabilities') component.vulnerabilities.push(at)
        else addField(component, String(field), value)
      } else if (path[0] === 'metadata') Object.assign(tool, pickTool(readTools(value)))
    },
    check: (context) => {
      common.check(context)
      context.looksForVulnerabilities = note.isListed
    },
    read: (value, { components, tool }, _path, at) => readVulnerability(value, { components, scanner: tool.name, at }),
  })
}

function isVulnerabilityList(path: JsonPath): boolean {
  if (path.at(-1) !== 'vulnerabilities') return false
  return path.length === 1 || componentDepth(path) === path.length - 1
}

function keyOf(path: JsonPath): string {
  return path[0] === 'metadata' && path.length === 2 ? subjectKey : JSON.stringify(path)
}

/** How many steps of the path lead to the innermost component it is in; 0 for what is in none. */
function componentDepth(path: JsonPath): number {
  const [top, second] = path
  let depth = top === 'metadata' && second === 'component' ? 2 : 0
  for (let at = depth; isListOfParts(path[at]) && path.length > at + 1; at += 2) depth = at + 2
  return depth
}

/** Services can be vulnerable as components can. */
function isListOfParts(step: string | number | undefined): boolean {
  return step === 'components' || step === 'services'
}

function wishOfJson(path: JsonPath): Wish {
  if (path.length === 0) return 'enter'
  const depth = componentDepth(path)
  const rest = path.slice(depth)
  const [first] = rest
  if (depth > 0 && typeof first === 'string' && componentFields.has(first)) return 'take'
  if (depth === 0 && first === 'metadata') return rest.length === 1 ? 'enter' : rest[1] === 'tools' ? 'take' : 'skip'
  if (rest.length === 0 || (isListOfParts(first) && rest.length === 1)) return 'enter'
  if (first !== 'vulnerabilities') return 'skip'
  return rest.length === 1 ? 'enter' : 'take'
}

function newXml(): Scanner {
  return xmlFormat<Context>({
    ...common,
    recognise: (head) =>
      /<(?:[\w-]{1,20}:)?bom\s[^>]{0,2000}\bxmlns(?::[\w-]{1,20})?\s*=\s*["']http:\/\/cyclonedx\.org\/schema\/bom/.test(
        head,
      ),
    wish: wishOfXml,
    isResult: (path) => path.at(-1) === 'vulnerability',
    learn: (context, { path, value, at }) => {
      const { components } = context
      const last = path.at(-1) ?? ''
      if (last === 'vulnerabilities') context.looksForVulnerabilities = true
      else if (last === 'vulnerability') componentAtDepth(components, path.length - 2)?.vulnerabilities.push(at)
      else if (isPart(path)) {
        const key = path[1] === 'metadata' && path.length === 3 ? subjectKey : String(at)
        addField(openComponent(components, key, path.length), 'bom-ref', value.attributes.get('bom-ref'))
        addField(openComponent(components, key, path.length), 'type', value.attributes.get('type'))
      } else if (last === 'tools') Object.assign(context.tool, pickTool(readTools(toolsFromXml(value))))
      else if (componentFields.has(last)) {
        const component = componentAtDepth(components, path.length - 1)
        if (component !== undefined)
          addField(component, last, last === 'properties' ? propertiesFromXml(value) : value.text)
      }
    },
    read: (value, { components, tool }, _path, at) =>
      readVulnerability(vulnerabilityFromXml(value), { components, scanner: tool.name, at }),
  })
}

/** An element that is a component or a service. */
function isPart(path: XmlPath): boolean {
  const [last, parent] = [path.at(-1), path.at(-2)]
  return (
    (last === 'component' && (parent === 'components' || parent === 'metadata')) ||
    (last === 'service' && parent === 'services')
  )
}

function wishOfXml(path: XmlPath): Wish {
  const last = path.at(-1) ?? ''
  if (path.length === 1) return 'enter'
  if (path.length === 2)
    return ['metadata', 'components', 'services', 'vulnerabilities'].includes(last) ? 'enter' : 'skip'
  if (isPart(path)) return 'enter'
  if (last === 'tools' && path.at(-2) === 'metadata') return 'take'
  if (last === 'vulnerability' && path.at(-2) === 'vulnerabilities') return 'take'
  if (!isPart(path.slice(0, -1))) return 'skip'
  if (['components', 'services', 'vulnerabilities'].includes(last)) return 'enter'
  return componentFields.has(last) ? 'take' : 'skip'
}

type Tool = { name: string; version: string | null }

/** A list, or since 1.5 an object of components and services. */
function readTools(value: unknown): Tool[] {
  const { components, services } = readObject(value)
  const all = Array.isArray(value) ? value : [...readList(components), ...readList(services)]
  return all.filter(isObject).flatMap((tool) => {
    const name = readText(tool['name'])?.trim()
    return name === undefined
      ? []
      : [{ name: spellings.get(name.toLowerCase()) ?? name, version: readText(tool['version']) ?? null }]
  })
}

/** As their own formats are called, so that a change of format is no change of scanner. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['trivy', 'Trivy'],
  ['grype', 'Grype'],
  ['dependency-track', 'Dependency-Track'],
  ['dependency-check', 'Dependency-Check'],
  ['owasp dependency-check', 'Dependency-Check'],
  ['retire', 'Retire.js'],
  ['retire.js', 'Retire.js'],
  ['osv-scanner', 'OSV-Scanner'],
])
const knownToScan = /snyk|depscan|xray|clair|black ?duck|anchore|sonatype|mend|scout|wiz|vuln|scan/i

/** Of several tools the one that looks for vulnerabilities; others wrote the list of components. */
function pickTool(tools: readonly Tool[]): Tool | undefined {
  const names = new Set(spellings.values())
  return tools.find(({ name }) => names.has(name)) ?? tools.find(({ name }) => knownToScan.test(name)) ?? tools[0]
}
