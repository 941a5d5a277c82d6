import { type Html, html } from '../../shared/html.ts'
import { renderFrame } from '../../shared/page-document.ts'
import type { Page, Visit } from './visit.ts'

/** A whole document. */
export function renderPage(visit: Visit, page: Page): string {
  return renderFrame({
    title: page.title,
    product: 'Jira',
    remote: 'Jira',
    home: '/jira/projects',
    badge: 'simulator',
    person: visit.person,
    login: '/login',
    logout: '/logout',
    main: page.body,
  })
}

/** `2026-11-21 19:20 UTC`. */
export function moment(milliseconds: number): Html {
  const date = new Date(milliseconds).toISOString()
  return html`<time datetime="${date}">${date.slice(0, 16).replace('T', ' ')} UTC</time>`
}

export function lozenge(text: string, kind: string): Html {
  return html`<span class="lozenge ${kind}">${text}</span>`
}
