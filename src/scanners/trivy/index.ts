import { countOf } from '../count-of.ts'
import { countOnce } from '../count-once.ts'
import { found, jsonFormat, skipped } from '../define-format.ts'
import { foundDependency } from '../found-dependency.ts'
import { readObject, readText } from '../json-fields.ts'
import type { JsonPath } from '../json-slicer.ts'
import type { ReportFinding, ReportResult } from '../scanner.ts'
import { findPlace, groupOf, learnField, newContext, splitPath, type TrivyContext, wish } from './layout.ts'
import { toMisconfiguration } from './misconfiguration.ts'
import { toSecret } from './secret.ts'
import { toVulnerability } from './vulnerability.ts'

const format = jsonFormat<TrivyContext>({
  name: 'trivy',
  title: 'Trivy',
  recognise: (head) => {
    if (/^\s*\{/.test(head))
      return (
        (/"ArtifactName"\s*:/.test(head) && /"(ArtifactType|SchemaVersion)"\s*:/.test(head)) ||
        (/"ClusterName"\s*:/.test(head) && /"(Resources|Findings|Vulnerabilities|Misconfigurations)"\s*:/.test(head)) ||
        // What names the target may stand behind results longer than what is looked at here.
        (/^\s*\{\s*"(Results|Resources|Findings|Vulnerabilities|Misconfigurations)"\s*:\s*\[/.test(head) &&
          /"Target"\s*:\s*"/.test(head) &&
          /"(VulnerabilityID|MisconfSummary|RuleID|AVDID)"\s*:/.test(head))
      )
    const isList = /^\s*\[\s*\{\s*"(Target|Class|Type|Vulnerabilities|Misconfigurations|Secrets)"\s*:/.test(head)
    return isList && (/"Target"\s*:\s*"/.test(head) || /"VulnerabilityID"\s*:/.test(head))
  },
  wish,
  isResult: (path) => splitPath(path).rest.length === 2,
  newContext,
  learn: (context, { path, value }) => learnField(context, path, value),
  tools: ({ version, failed }) => [
    { name: 'Trivy', version, problem: failed === 0 ? null : 'Trivy could not scan some of the resources' },
  ],
  commit: ({ commit }) => commit,
  unread: ({ failed }) => (failed === 0 ? [] : [`${countOf(failed, 'resource')} that Trivy could not scan.`]),
  read: (value, context, path) => [toResult(value, context, path)],
})

/**
 * Trivy's JSON (`trivy image|fs|repo|config|k8s --format json`):
 * https://trivy.dev/latest/docs/configuration/reporting/#json. Three layouts: an object with `Results` since 0.20, a bare
 * list of them before, and `k8s` with results by resource.
 */
export const trivy = countOnce(format)

function toResult(value: unknown, context: TrivyContext, path: JsonPath): ReportResult {
  const [section] = splitPath(path).rest
  if (section === 'ExperimentalModifiedFindings') return toModified(value, context, path)
  return toKind(String(section), value, { context, path, suppressed: null })
}

type Told = { context: TrivyContext; path: JsonPath; suppressed: string | null }

function toKind(section: string, value: unknown, { context, path, suppressed }: Told): ReportResult {
  const group = groupOf(context, path)
  const place = findPlace(context, path)
  const withSuppression = (finding: ReportFinding): ReportFinding => ({
    ...finding,
    suppressed: suppressed ?? finding.suppressed,
  })
  switch (section) {
    case 'Vulnerabilities':
      return foundDependency(withSuppression(toVulnerability(value, group, place)))
    case 'Misconfigurations': {
      const status = readText(readObject(value)['Status'])?.toUpperCase() ?? 'FAIL'
      const finding = toMisconfiguration(value, group, place)
      if (status === 'PASS') return skipped('passed', `${finding.ruleId} ${finding.path ?? ''}`, 'the check passed')
      return status === 'EXCEPTION'
        ? found({ ...finding, suppressed: 'exempted by a policy' })
        : found(withSuppression(finding))
    }
    case 'Secrets':
      return found(withSuppression(toSecret(value, place)))
    default: {
      const { Name: name, PkgName: owner, FilePath: file } = readObject(value)
      const label = [readText(name), readText(owner) ?? readText(file)].filter((one) => one !== undefined).join(' of ')
      return skipped('licence', label || 'A licence', 'licences are no vulnerabilities')
    }
  }
}

const sections: ReadonlyMap<string, string> = new Map([
  ['vulnerability', 'Vulnerabilities'],
  ['misconfiguration', 'Misconfigurations'],
  ['secret', 'Secrets'],
])

/** What an ignore file or a VEX document took out (`--show-suppressed`). */
function toModified(value: unknown, context: TrivyContext, path: JsonPath): ReportResult {
  const { Type: type, Status: status, Statement: statement, Source: source, Finding: finding } = readObject(value)
  const reason = [readText(source), readText(statement) ?? readText(status)].filter((one) => one !== undefined)
  const suppressed = reason.join(': ') || 'ignored'
  return toKind(sections.get(readText(type) ?? '') ?? 'Licenses', finding, { context, path, suppressed })
}
