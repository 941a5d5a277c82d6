import { type Html, html } from '../../shared/html.ts'
import { reachWorkspace } from '../auth/permission.ts'
import type { Person, Workspace } from '../model.ts'
import { notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { dataTable } from './data-table.ts'
import { moment } from './layout.ts'
import { session } from './session.ts'
import {
  type Answer,
  mayIn,
  type PersonVisit,
  principalOf,
  redirect,
  repositoryBase,
  show,
  type Visit,
} from './visit.ts'

/** What this server is, for somebody who opened its address. */
export function showStart(visit: Visit): Answer {
  const tracker =
    visit.sim.mode === 'legacy'
      ? 'In legacy mode repositories still have their issue tracker and app passwords still work.'
      : 'In 2026 mode the issue tracker and app passwords are gone, as on the real service.'
  const body = html`<h1>Simulated Bitbucket</h1>
<p>This server behaves like Bitbucket Cloud towards programs and like a small web site towards people. Its repositories and people are invented;
everything it remembers is gone when it stops.</p>
<ul><li>API: <code>${visit.sim.urls.api}</code></li><li>Web: <code>${visit.sim.urls.web}</code></li><li>Mode: <code>${visit.sim.mode}</code>. ${tracker}</li></ul>
<p>${visit.person === null ? html`<a href="/account/signin/">Log in</a> as one of its people` : html`<a href="/dashboard/overview">Go to your dashboard</a>`}
to read source, pull requests and commits, and to comment as a developer would.</p>`
  return show({ title: 'Welcome', body })
}

export function logOut(visit: Visit, cookies: string | undefined): Answer {
  return redirect('/account/signin/', session.close(visit.sim, cookies))
}

function repositoryList(sim: Sim, person: Person, workspace: Workspace): Html {
  const mine = sim.repositories.filter((one) => one.workspace === workspace && mayIn(one, person, 'read'))
  if (mine.length === 0)
    return html`<p>No repositories you can see here. An owner can give you access, or <a href="/repo/import">import one</a>.</p>`
  return dataTable({
    label: `Repositories of ${workspace.name}`,
    id: `repositories-of-${workspace.slug}`,
    heads: ['Repository', 'Project', 'Open pull requests', 'Updated'],
    rows: mine.map((one) => ({
      cells: [
        html`<a href="${repositoryBase(one)}">${one.name}</a>`,
        one.project.name,
        one.pullRequests.filter((pullRequest) => pullRequest.state === 'OPEN').length,
        moment(one.updatedOn),
      ],
    })),
  })
}

function isOwner(workspace: Workspace, person: Person): boolean {
  return workspace.members.some((member) => member.person.uuid === person.uuid && member.role === 'owner')
}

function workspaceSection(visit: PersonVisit, workspace: Workspace): Html {
  return html`<section><h2><a href="/${workspace.slug}/workspace/repositories">${workspace.name}</a> <small>${workspace.slug}</small></h2>${
    isOwner(workspace, visit.person) &&
    html`<p><a href="/${workspace.slug}/workspace/settings/webhooks">Workspace webhooks</a></p>`
  }${repositoryList(visit.sim, visit.person, workspace)}</section>`
}

function ownPullRequests({ sim, person }: PersonVisit): Html {
  const concerns = sim.repositories
    .filter((one) => mayIn(one, person, 'read'))
    .flatMap((repository) => repository.pullRequests.map((pullRequest) => ({ repository, pullRequest })))
    .filter(({ pullRequest }) => {
      const isMine = [pullRequest.author, ...pullRequest.reviewers].some((one) => one.uuid === person.uuid)
      return pullRequest.state === 'OPEN' && isMine
    })
  if (concerns.length === 0)
    return html`<p>No open pull requests of yours or to review. Open a repository to make one from a branch.</p>`
  return html`<ul>${concerns.map(
    ({
      repository,
      pullRequest,
    }) => html`<li><a href="${repositoryBase(repository)}/pull-requests/${pullRequest.id}">${repository.name} #${pullRequest.id}:
${pullRequest.title}</a> by ${pullRequest.author.displayName}</li>`,
  )}</ul>`
}

export function showDashboard(visit: PersonVisit): Answer {
  const workspaces = visit.sim.workspaces.filter((one) =>
    one.members.some((member) => member.person.uuid === visit.person.uuid),
  )
  const body = html`<h1>Your work</h1><section><h2>Pull requests</h2>${ownPullRequests(visit)}</section>${workspaces.map((one) => workspaceSection(visit, one))}`
  return show({ title: 'Your work', body })
}

/** `/{workspace}`, or `/{uuid}/`, the address of a person in the API's answers. */
export function showWorkspace(visit: PersonVisit): Answer {
  const name = visit.params['workspace'] ?? ''
  const someone = visit.sim.people.find((one) => one.uuid === name)
  if (someone !== undefined) {
    return show({ title: someone.displayName, body: html`<h1>${someone.displayName}</h1><p>${someone.role}</p>` })
  }
  if (!visit.sim.workspaces.some((one) => one.slug === name || one.uuid === name))
    throw notFound(`Workspace ${name} not found`)
  const { workspace } = reachWorkspace(visit.sim, principalOf(visit.person), name)
  return show({ title: workspace.name, body: html`<h1>Repositories</h1>${workspaceSection(visit, workspace)}` })
}
