import { Html, html } from '../../shared/html.ts'
import { renderFrame } from '../../shared/page-document.ts'
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

/** A whole document. */
export function renderPage(visit: Visit, page: Page): string {
  const { repository } = page
  return renderFrame({
    title: page.title,
    product: 'Bitbucket',
    remote: 'bitbucket.org',
    home: visit.person === null ? '/' : '/dashboard/overview',
    badge: `simulator, ${visit.sim.mode} mode`,
    person: visit.person,
    login: '/account/signin/',
    logout: '/account/signout/',
    main: html`${repository !== undefined && repositoryHead(visit, repository, page.tab)}
${page.body}`,
  })
}

/** `2026-11-21 19:20 UTC` for a timestamp of the simulator or of git. */
export function moment(timestamp: string): Html {
  const text = new Date(timestamp).toISOString().slice(0, 16).replace('T', ' ')
  return html`<time datetime="${timestamp}">${text} UTC</time>`
}

export function lozenge(text: string): Html {
  return html`<span class="lozenge ${text.toLowerCase().replace(/[^a-z]+/g, '-')}">${text.toLowerCase().replaceAll('_', ' ')}</span>`
}
