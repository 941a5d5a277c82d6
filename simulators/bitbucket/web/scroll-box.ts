import { type Html, html } from '../../shared/html.ts'

/** What may be wider than the window: reached and scrolled by keyboard too. */
export function scrollBox(label: string, content: Html): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}">${content}</div>`
}
