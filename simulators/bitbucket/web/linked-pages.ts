import { html } from '../../shared/html.ts'
import { reachWorkspace } from '../auth/permission.ts'
import type { Workspace } from '../model.ts'
import { notFound } from '../simulator-error.ts'
import { showRepository } from './source-page.ts'
import {
  type Answer,
  mayIn,
  type PersonVisit,
  principalOf,
  type RepositoryVisit,
  redirect,
  repositoryBase,
  show,
  visitRepository,
} from './visit.ts'

/** Small pages the links of the API's answers lead to. */

function workspaceOf(visit: PersonVisit): Workspace {
  return reachWorkspace(visit.sim, principalOf(visit.person), visit.params['workspace'] ?? '').workspace
}

export function showProject(visit: PersonVisit): Answer {
  const { key = '' } = visit.params
  const project = workspaceOf(visit).projects.find((one) => one.key === key)
  if (project === undefined) throw notFound(`Project ${key} not found`)
  const mine = visit.sim.repositories.filter((one) => one.project === project && mayIn(one, visit.person, 'read'))
  const body = html`<h1>${project.name} <small>${project.key}</small></h1><p>${project.description}</p>
<ul>${mine.map((one) => html`<li><a href="${repositoryBase(one)}">${one.name}</a></li>`)}</ul>`
  return show({ title: project.name, body })
}

export function showGroup(visit: PersonVisit): Answer {
  const { group: slug = '' } = visit.params
  const group = workspaceOf(visit).groups.find((one) => one.slug === slug)
  if (group === undefined) throw notFound(`Group ${slug} not found`)
  const body = html`<h1>${group.name}</h1><ul>${group.members.map((one) => html`<li>${one.displayName}</li>`)}</ul>`
  return show({ title: group.name, body })
}

/** `/commits/tag/{name}`, the page of a tag. */
export function showTagCommits(visit: RepositoryVisit): Answer {
  return redirect(`${visit.base}/commits?${new URLSearchParams({ ref: visit.params['*'] ?? '' }).toString()}`)
}

/** The repository; whoever opens the address to clone from in a browser is led to it. */
export async function showFront(visit: PersonVisit): Promise<Answer> {
  const { workspace = '', repo = '' } = visit.params
  if (repo.endsWith('.git')) {
    const names = [workspace, repo.slice(0, -'.git'.length)]
    // Decoded they may hold a slash that leads to another host.
    return redirect(`/${names.map(encodeURIComponent).join('/')}`)
  }
  return await showRepository(visitRepository(visit, 'read'))
}
