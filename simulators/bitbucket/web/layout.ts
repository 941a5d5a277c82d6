import { Html, html } from '../../shared/html.ts'
import type { Repository } from '../model.ts'
import { mayIn, type Page, repositoryBase, type Tab, type Visit } from './visit.ts'

interface TabLink {
  tab: Tab
  label: string
  path: string
}

function tabs(visit: Visit, repository: Repository): TabLink[] {
  const all: TabLink[] = [
    { tab: 'source', label: 'Source', path: '' },
    { tab: 'commits', label: 'Commits', path: '/commits' },
    { tab: 'branches', label: 'Branches', path: '/branches' },
    { tab: 'pull-requests', label: 'Pull requests', path: '/pull-requests' },
    { tab: 'pipelines', label: 'Pipelines', path: '/pipelines' },
    { tab: 'deployments', label: 'Deployments', path: '/deployments' },
  ]
  if (visit.sim.mode === 'legacy' && repository.hasIssues) all.push({ tab: 'issues', label: 'Issues', path: '/issues' })
  if (visit.person !== null && mayIn(repository, visit.person, 'admin')) {
    all.push({ tab: 'webhooks', label: 'Webhooks', path: '/admin/webhooks' })
  }
  return all
}

function repositoryHead(visit: Visit, repository: Repository, current: Tab | undefined): Html {
  const base = repositoryBase(repository)
  const { workspace } = repository
  return html`<nav class="path" aria-label="Repository">
<a href="/${workspace.slug}/workspace/repositories">${workspace.name}</a> / <a href="${base}">${repository.name}</a>
</nav>
<nav class="tabs" aria-label="Parts of the repository">${tabs(visit, repository).map(
    ({ tab, label, path }) =>
      html`<a href="${base}${path}"${tab === current && new Html(' aria-current="page"')}>${label}</a>`,
  )}</nav>`
}

function account(visit: Visit): Html {
  if (visit.person === null) return html`<a href="/account/signin/">Log in</a>`
  return html`<span id="logged-in-as">${visit.person.displayName}</span>
<form method="post" action="/account/signout/"><button id="log-out">Log out</button></form>`
}

/** A whole document. */
export function renderPage(visit: Visit, page: Page): string {
  const { repository } = page
  const document = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · Simulated Bitbucket</title>
<link rel="stylesheet" href="/_web/pages.css">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="${visit.person === null ? '/' : '/dashboard/overview'}">Simulated Bitbucket</a>
<span class="badge">simulator, ${visit.sim.mode} mode</span>
<div class="account">${account(visit)}</div>
</header>
<main id="main">${repository !== undefined && repositoryHead(visit, repository, page.tab)}
${page.body}</main>
<footer>This is a simulator for trying things out. It is not bitbucket.org and has no connection to Atlassian.</footer>
</body>
</html>`
  return `<!doctype html>\n${document.markup}\n`
}

/** `2026-11-21 19:20 UTC` for a timestamp of the simulator or of git. */
export function moment(timestamp: string): Html {
  const text = new Date(timestamp).toISOString().slice(0, 16).replace('T', ' ')
  return html`<time datetime="${timestamp}">${text} UTC</time>`
}

export function lozenge(text: string): Html {
  return html`<span class="lozenge ${text.toLowerCase().replace(/[^a-z]+/g, '-')}">${text.toLowerCase().replaceAll('_', ' ')}</span>`
}
