import { type FindingKind, findingKinds } from '../../domain/finding-kind.ts'
import { spellEcosystem } from '../../domain/package-identity.ts'
import { cleanText } from '../clean-text.ts'
import { isObject, type JsonObject, readObject, readText } from '../json-fields.ts'
import type { ReportFinding } from '../scanner.ts'

type OwnWords = Partial<
  Pick<ReportFinding, 'kind' | 'title' | 'description' | 'package' | 'fixedIn' | 'endpoint' | 'resource'>
>

/** What Weir's own export says beside SARIF (`weir/finding`), so that a package stays a package. Of other tools: nothing. */
export function readOwnWords(properties: JsonObject): OwnWords {
  const told = properties['weir/finding']
  if (!isObject(told)) return {}
  const kind = findingKinds.find((one): one is FindingKind => one === told['kind'])
  const title = readText(told['title'])
  const description = readText(told['description'])
  return {
    ...(kind !== undefined && { kind }),
    ...(title !== undefined && { title: cleanText(title, 200) }),
    ...(description !== undefined && { description: cleanText(description, 16_000) }),
    ...readPackage(told['package']),
    ...readEndpoint(told['endpoint']),
    ...(readText(told['resource']) !== undefined && { resource: clean(told['resource']) }),
  }
}

function clean(value: unknown): string {
  return cleanText(readText(value) ?? '', 1000)
}

function readPackage(value: unknown): OwnWords {
  const told = readObject(value)
  const name = clean(told['name'])
  if (name === '') return {}
  const version = clean(told['version'])
  const fixedIn = clean(told['fixed_in'])
  return {
    package: { ecosystem: spellEcosystem(clean(told['ecosystem'])), name, version: version === '' ? null : version },
    fixedIn: fixedIn === '' ? null : fixedIn,
  }
}

function readEndpoint(value: unknown): OwnWords {
  if (!isObject(value)) return {}
  const [origin, method, path, parameter] = ['origin', 'method', 'path', 'parameter'].map((name) => clean(value[name]))
  return { endpoint: { origin: origin ?? '', method: method ?? '', path: path ?? '', parameter: parameter ?? '' } }
}
