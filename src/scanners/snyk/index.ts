import { countOf } from '../count-of.ts'
import { countOnce } from '../count-once.ts'
import { found, jsonFormat, skipped } from '../define-format.ts'
import { foundDependency } from '../found-dependency.ts'
import { readList, readObject, readText } from '../json-fields.ts'
import type { JsonPath } from '../json-slicer.ts'
import { noteWay } from '../known-ways.ts'
import type { ReportResult } from '../scanner.ts'
import { isResult, learnField, newContext, projectOf, type SnykContext, splitPath, wish } from './layout.ts'
import { toMisconfiguration } from './misconfiguration.ts'
import { readWay, toVulnerability, vulnerabilityKey } from './vulnerability.ts'

const format = jsonFormat<SnykContext>({
  name: 'snyk',
  title: 'Snyk',
  recognise: (head) =>
    /^\s*[[{]/.test(head) &&
    ((/"vulnerabilities"\s*:\s*\[/.test(head) &&
      /"(dependencyCount|licensesPolicy|isUpgradable|filesystemPolicy|packageManager)"\s*:/.test(head)) ||
      (/"dependencyCount"\s*:\s*\d/.test(head) && /"(licensesPolicy|filesystemPolicy)"\s*:/.test(head)) ||
      /"infrastructureAsCodeIssues"\s*:\s*(\[|null)/.test(head) ||
      (/^\s*\{\s*"(ok|code|error)"\s*:/.test(head) && isFailure(head))),
  wish,
  isResult,
  newContext,
  learn: (context, { path, value }) => {
    learnField(context, path, value)
    const { project, rest } = splitPath(path)
    if (rest[0] === 'vulnerabilities' && rest.length === 2)
      noteWay(context.ways, [project.join('/'), ...vulnerabilityKey(value)], readWay(value))
  },
  tools: ({ failed }) => [
    { name: 'Snyk', version: null, problem: failed === 0 ? null : 'Snyk could not test some of the projects' },
  ],
  unread: ({ failed }) => (failed === 0 ? [] : [`${countOf(failed, 'project')} that Snyk could not test.`]),
  read: (value, context, path) => [toResult(value, context, path)],
})

/**
 * Snyk's JSON (`snyk test|container test|iac test --json`):
 * https://docs.snyk.io/snyk-cli/scan-and-maintain-projects-using-the-cli. One project, or a list of them; it tells of a
 * vulnerability once for every way to the package. (`snyk code test --json` is SARIF.)
 */
export const snyk = countOnce(format)

function isFailure(head: string): boolean {
  return /"ok"\s*:\s*false/.test(head) && /"error"\s*:\s*"/.test(head) && /"path"\s*:\s*"/.test(head)
}

function toResult(value: unknown, context: SnykContext, path: JsonPath): ReportResult {
  const { project, rest } = splitPath(path)
  const own = projectOf(context, project)
  const { id, type } = readObject(value)
  const name = readText(id) ?? ''
  if (rest[0] === 'infrastructureAsCodeIssues' || rest[0] === 'result') return found(toMisconfiguration(value, own))
  if (type === 'license' || name.startsWith('snyk:lic:'))
    return skipped('licence', name, 'licences are no vulnerabilities')
  const finding = toVulnerability(value, { project: own, ways: context.ways, key: project.join('/') })
  return foundDependency(
    rest[0] === 'filtered' ? { ...finding, suppressed: readReason(value, rest[1] === 'patch') } : finding,
  )
}

/** Why an issue does not count: what somebody wrote when they ignored it. */
function readReason(value: unknown, isPatched: boolean): string {
  if (isPatched) return 'patched by Snyk'
  const { ignored } = readObject(readObject(value)['filtered'])
  const reasons = readList(ignored).flatMap((one) => readText(readObject(one)['reason']) ?? [])
  return reasons[0] ?? 'ignored in Snyk'
}
