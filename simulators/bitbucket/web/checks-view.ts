import { type Html, html } from '../../shared/html.ts'
import { stringAt } from '../../shared/json.ts'
import type { Annotation, Repository } from '../model.ts'
import { encodePath } from './encode-path.ts'
import { lozenge } from './layout.ts'

/** Only web addresses become links: `javascript:` and the like stay text. */
function link(url: string, label: string): Html {
  return /^(https?:\/\/|\/[^/\\])/.test(url)
    ? html`<a href="${url}" rel="nofollow noreferrer">${label}</a>`
    : html`${label}`
}

/** An annotation of a report on a line of a file. */
export interface LineNote {
  path: string
  line: number
  severity: string
  summary: string
  /** Title of the report. */
  report: string
}

/** What the reports of a commit say of its lines. */
export function lineNotes(repository: Repository, hash: string): LineNote[] {
  const reports = repository.reports.filter((one) => one.hash === hash)
  return reports.flatMap((report) =>
    report.annotations.map(({ fields }) => ({
      path: stringAt(fields, 'path') ?? '',
      line: Number(fields['line'] ?? 0),
      severity: stringAt(fields, 'severity') ?? 'NONE',
      summary: stringAt(fields, 'summary') ?? '',
      report: stringAt(report.fields, 'title') ?? '',
    })),
  )
}

function renderAnnotation(annotation: Annotation, source: string): Html {
  const { fields } = annotation
  const path = stringAt(fields, 'path')
  const line = Number(fields['line'] ?? 0)
  return html`<li>${lozenge(stringAt(fields, 'severity') ?? 'NONE')} ${stringAt(fields, 'summary')}${
    path !== undefined && html` · <a href="${source}/${encodePath(path)}#lines-${line}">${path}:${line}</a>`
  }</li>`
}

/** Build statuses and reports of a commit; nothing when it has none. */
export function renderChecks(repository: Repository, hash: string, source: string): Html | null {
  const statuses = repository.statuses.filter((one) => one.hash === hash)
  const reports = repository.reports.filter((one) => one.hash === hash)
  if (statuses.length + reports.length === 0) return null
  return html`<section id="checks" aria-labelledby="checks-heading"><h2 id="checks-heading">Builds and reports</h2><ul class="plain">${statuses.map(
    (one) =>
      html`<li id="status-${one.key}">${lozenge(one.state)} ${link(one.url, one.name === '' ? one.key : one.name)} ${one.description}</li>`,
  )}${reports.map(
    ({
      fields,
      annotations,
      externalId,
    }) => html`<li id="report-${externalId}">${lozenge(stringAt(fields, 'result') ?? 'PENDING')}
<strong>${stringAt(fields, 'title')}</strong> ${stringAt(fields, 'details')}<details><summary>Annotations (${annotations.length})</summary>
<ul>${annotations.map((annotation) => renderAnnotation(annotation, source))}</ul></details></li>`,
  )}</ul></section>`
}
