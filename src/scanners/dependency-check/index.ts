import { countOf } from '../count-of.ts'
import { countOnce } from '../count-once.ts'
import { jsonFormat, xmlFormat } from '../define-format.ts'
import { readText } from '../json-fields.ts'
import { jsonOrXml } from '../json-or-xml.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import type { ReportTool, Scanner } from '../scanner.ts'
import { textOf } from '../xml-element.ts'
import { addField, type Dependency, dependencyFields, newDependency } from './dependency.ts'
import { fieldFromXml, vulnerabilityFromXml } from './from-xml.ts'
import { readVulnerability } from './vulnerability.ts'

type Context = {
  version: string | null
  /** Analyses that failed: dependencies they would have told of are not there. */
  failures: number
  /** By their number in the file. */
  dependencies: Map<number, Dependency>
  /** In XML, the number of the dependency a vulnerability is told of, by where the vulnerability begins. */
  owners: Map<number, number>
}

const common = {
  name: 'dependency-check',
  title: 'Dependency-Check',
  newContext: (): Context => ({ version: null, failures: 0, dependencies: new Map(), owners: new Map() }),
  tools: ({ version, failures }: Context): ReportTool[] => [
    { name: 'Dependency-Check', version, problem: failures === 0 ? null : 'some of its analyses failed' },
  ],
  unread: ({ failures, dependencies }: Context) => [
    ...(failures === 0 ? [] : [`${countOf(failures, 'analysis failure')}: what those would have told is not known.`]),
    ...(dependencies.size === 0
      ? []
      : [
          `${dependencies.size === 1 ? '1 dependency' : `${dependencies.size} dependencies`}, looked at only to name what is vulnerable.`,
        ]),
  ],
}

/** OWASP Dependency-Check in JSON and XML: https://dependency-check.github.io/DependencyCheck/general/thereport.html */
export const dependencyCheck: Scanner = countOnce(jsonOrXml(newJson(), newXml()))

function newJson(): Scanner {
  return jsonFormat<Context>({
    ...common,
    recognise: (head) =>
      (/^\s*\{/.test(head) && /"reportSchema"\s*:/.test(head) && /"scanInfo"\s*:/.test(head)) ||
      // In the order of the alphabet the dependencies come first, and may be long.
      (/^\s*\{\s*"dependencies"\s*:\s*\[/.test(head) &&
        /"isVirtual"\s*:\s*(true|false)/.test(head) &&
        /"filePath"\s*:\s*"/.test(head)),
    wish: wishOfJson,
    isResult: (path) => isList(path[2]) && path.length === 4,
    learn: (context, { path, value }) => {
      const [top, index, field] = path
      if (top === 'scanInfo') {
        if (index === 'engineVersion') context.version = readText(value) ?? null
        else if (path.length === 3) context.failures += 1
      } else if (typeof index === 'number') {
        const dependency = dependencyAt(context, index)
        if (path.length === 3 && typeof field === 'string') addField(dependency, field, value)
      }
    },
    read: (value, context, [, index, list]) =>
      readVulnerability(
        value,
        context.dependencies.get(Number(index)) ?? newDependency(),
        list === 'suppressedVulnerabilities',
      ),
  })
}

function dependencyAt({ dependencies }: Context, index: number): Dependency {
  const known = dependencies.get(index)
  if (known !== undefined) return known
  const dependency = newDependency()
  dependencies.set(index, dependency)
  return dependency
}

function isList(step: string | number | undefined): boolean {
  return step === 'vulnerabilities' || step === 'suppressedVulnerabilities'
}

function wishOfJson(path: JsonPath): Wish {
  const [top, index, field] = path
  if (path.length === 0) return 'enter'
  if (top === 'scanInfo') {
    if (path.length === 1 || (path.length === 2 && index === 'analysisExceptions')) return 'enter'
    return index === 'engineVersion' || index === 'analysisExceptions' ? 'take' : 'skip'
  }
  if (top !== 'dependencies') return 'skip'
  if (path.length <= 2) return 'enter'
  if (isList(field)) return path.length === 3 ? 'enter' : 'take'
  return typeof field === 'string' && dependencyFields.has(field) ? 'take' : 'skip'
}

function newXml(): Scanner {
  return xmlFormat<Context>({
    ...common,
    recognise: (head) => /<analysis\s[^>]{0,2000}[./-]dependency-check\.[\d.]{1,10}\.xsd/i.test(head),
    wish: (path) => {
      const [, top, second, field] = path
      if (path.length === 1 || (path.length === 2 && (top === 'scanInfo' || top === 'dependencies'))) return 'enter'
      if (top === 'scanInfo') {
        if (second === 'analysisExceptions') return path.length === 3 ? 'enter' : 'take'
        return second === 'engineVersion' ? 'take' : 'skip'
      }
      if (top !== 'dependencies' || second !== 'dependency') return 'skip'
      if (path.length === 3 || (path.length === 4 && field === 'vulnerabilities')) return 'enter'
      return field === 'vulnerabilities' || (field !== undefined && dependencyFields.has(field)) ? 'take' : 'skip'
    },
    isResult: (path) => path[3] === 'vulnerabilities' && path.length === 5,
    learn: (context, { path, value, at }) => {
      const { dependencies, owners } = context
      if (path[1] === 'scanInfo') {
        if (path[2] === 'engineVersion') context.version = textOf(value) ?? null
        else if (path.length === 4) context.failures += 1
      } else if (path.length === 3) dependencies.set(dependencies.size, newDependency())
      else if (path.length === 5) owners.set(at, dependencies.size - 1)
      else if (path[3] !== undefined && dependencyFields.has(path[3]))
        addField(dependencyAt(context, dependencies.size - 1), path[3], fieldFromXml(value))
    },
    read: (value, context, path, at) =>
      readVulnerability(
        vulnerabilityFromXml(value),
        context.dependencies.get(context.owners.get(at) ?? -1) ?? newDependency(),
        path[4] === 'suppressedVulnerability',
      ),
  })
}
