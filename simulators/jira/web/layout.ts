import { type Html, html } from '../../shared/html.ts'
import type { Page, Visit } from './visit.ts'

function account(visit: Visit): Html {
  if (visit.person === null) return html`<a href="/login">Log in</a>`
  return html`<span id="logged-in-as">${visit.person.displayName}</span>
<form method="post" action="/logout"><button id="log-out">Log out</button></form>`
}

/** A whole document. */
export function renderPage(visit: Visit, page: Page): string {
  const document = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · Simulated Jira</title>
<link rel="stylesheet" href="/_web/pages.css">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="/jira/projects">Simulated Jira</a>
<span class="badge">simulator</span>
<div class="account">${account(visit)}</div>
</header>
<main id="main">${page.body}</main>
<footer>This is a simulator for trying things out. It is not Jira and has no connection to Atlassian.</footer>
</body>
</html>`
  return `<!doctype html>\n${document.markup}\n`
}

/** `2026-11-21 19:20 UTC`. */
export function moment(milliseconds: number): Html {
  const date = new Date(milliseconds).toISOString()
  return html`<time datetime="${date}">${date.slice(0, 16).replace('T', ' ')} UTC</time>`
}

export function lozenge(text: string, kind: string): Html {
  return html`<span class="lozenge ${kind}">${text}</span>`
}
