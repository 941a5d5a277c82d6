import { type Html, html } from '../../shared/html.ts'
import { explain, SimulatorError } from '../simulator-error.ts'
import { type Answer, type RepositoryVisit, show } from './visit.ts'

type Handler = (visit: RepositoryVisit) => Answer | Promise<Answer>

/** What people type; everything else of a form is sent along unseen. */
const areas: Record<string, string> = {
  content: 'Text',
  message: 'Message',
  description: 'Description',
}
const lines: Record<string, string> = {
  source: 'Source branch',
  destination: 'Destination branch',
  title: 'Title',
  reason: 'Reason',
}

function field([name, value]: [string, string], index: number): Html {
  const id = `again-${index}`
  const [area, line] = [areas[name], lines[name]]
  if (area !== undefined)
    return html`<label for="${id}">${area}</label><textarea id="${id}" name="${name}" rows="5">
${value}</textarea>`
  if (line !== undefined)
    return html`<label for="${id}">${line}</label><input id="${id}" name="${name}" value="${value}">`
  return html`<input type="hidden" name="${name}" value="${value}">`
}

/** The page the form was on. */
function pageOf({ address, base }: RepositoryVisit): string {
  return /^\/[^/]+\/[^/]+\/(?:pull-requests|issues|commits)(?:\/[^/?]+)?/.exec(address)?.[0] ?? base
}

/** A refused form keeps what was typed: it is shown with the reason, to be mended and sent again. */
export function keepTyped(handle: Handler): Handler {
  return async (visit) => {
    try {
      return await handle(visit)
    } catch (error) {
      if (!(error instanceof SimulatorError) || error.status === 403 || error.status === 404) throw error
      const body = html`<h1>That did not work</h1><p class="problem" role="alert">${explain(error)}</p>
<form method="post" action="${visit.address}" id="try-again-form" class="narrow">${[...visit.form].map(field)}
<button class="primary" id="try-again">Try again</button></form>${visit.files.length > 0 && html`<p>Files have to be chosen again afterwards.</p>`}<p><a href="${pageOf(visit)}">Back without it</a></p>`
      return show({ title: 'That did not work', body, status: error.status, repository: visit.repository })
    }
  }
}
