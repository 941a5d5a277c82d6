import type { Endpoint } from '../../domain/finding-identity.ts'
import { skipped } from '../define-format.ts'
import { makeFinding } from '../make-finding.ts'
import { addEntry, findMain, type Problems } from '../same-problem.ts'
import type { ReportResult } from '../scanner.ts'
import { toEndpoint } from '../to-endpoint.ts'
import type { Alert, Field } from './alert.ts'

/** Where ZAP saw what an alert is about. `id` tells it from all other instances of the file. */
export type Instance = { alert: Alert; field: Field; site: string; id: string }

/** Exposure of personal data: what was found must not be kept. */
const privateData = 359

/** The instances of an alert; before ZAP 2.5 the alert was the only one itself. An alert without any is one of its site. */
export function listInstances(
  alert: Alert,
  { fields, own, site, at }: { fields: readonly Field[]; own: Field; site: string; at: number },
): Instance[] {
  return (fields.length === 0 ? [own] : fields).map((field, index) => ({ alert, field, site, id: `${at}.${index}` }))
}

export function learnInstance(problems: Problems, instance: Instance): void {
  const { alert, id } = instance
  addEntry(problems, { key: keyOf(instance), id, severity: alert.rating.severity, place: null })
}

/** One finding a rule, method, page and parameter, whatever was asked behind the `?`. */
export function toResult(problems: Problems, instance: Instance): ReportResult {
  const { alert, id } = instance
  const main = findMain(problems, { key: keyOf(instance), id })
  if (main === null)
    return skipped('repeated', `${alert.title} at ${addressOf(instance)}`, 'the same rule, page and parameter')
  const { ruleId, title, description, rating, suppressed, cwes, helpUri } = alert
  return {
    kind: 'finding',
    finding: makeFinding({
      kind: 'web',
      scanner: 'ZAP',
      ruleId,
      title,
      message: describe(instance, main.count),
      description,
      ...rating,
      cwes,
      helpUri,
      endpoint: endpointOf(instance),
      suppressed,
    }),
  }
}

function addressOf({ field, site }: Instance): string {
  return field('uri') || site
}

function endpointOf(instance: Instance): Endpoint {
  const { alert, field } = instance
  const { origin, ...place } = toEndpoint(addressOf(instance), { method: field('method'), parameter: field('param') })
  return { origin, ...(alert.isSystemic ? { method: '', path: '', parameter: '' } : place) }
}

function keyOf(instance: Instance): string[] {
  const { origin, method, path, parameter } = endpointOf(instance)
  return [instance.alert.ruleId, instance.alert.suppressed ?? '', origin, method, path, parameter]
}

function describe(instance: Instance, count: number): string {
  const { alert, field } = instance
  const lines = [
    `${field('method')} ${addressOf(instance)}`.trim(),
    count === 1 ? '' : `and ${count - 1} more addresses of the same ${alert.isSystemic ? 'site' : 'page'}`,
    label('Parameter', field('param')),
    label('Attack', field('attack')),
    alert.cwes.includes(privateData) ? '' : label('Evidence', field('evidence')),
    field('otherinfo') || (count === 1 ? alert.otherInfo : ''),
  ]
  return lines.filter((line) => line !== '').join('\n')
}

function label(name: string, text: string): string {
  return text === '' ? '' : `${name}: ${text.length > 500 ? `${text.slice(0, 500)}…` : text}`
}
