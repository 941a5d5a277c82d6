import { Html, html } from '../../shared/html.ts'
import {
  type Issue,
  issueKinds,
  issuePriorities,
  type TrackerPartKind,
  trackerPartKinds,
} from '../model/issue-tracker.ts'
import type { Person } from '../model.ts'
import { attachFiles } from '../operations/issue-attachments.ts'
import { createIssue, type IssueEdit } from '../operations/issues.ts'
import { badRequest } from '../simulator-error.ts'
import { formText } from './form.ts'
import { assertTracker, menu } from './issues-page.ts'
import { keepTyped } from './try-again.ts'
import { type Answer, mayIn, permissionIn, type RepositoryVisit, redirect, show } from './visit.ts'

/** Whom an issue can be given to: the people who may read the repository. */
export function assignable({ repository }: RepositoryVisit): Person[] {
  return repository.workspace.members
    .map((member) => member.person)
    .filter((person) => mayIn(repository, person, 'read'))
}

export function assigneeMenu(visit: RepositoryVisit, chosen: Person | null): Html {
  return html`<label for="assignee">Assignee</label><select id="assignee" name="assignee"><option value="">Nobody</option>${assignable(
    visit,
  ).map(
    (one) =>
      html`<option value="${one.accountId}"${one.uuid === chosen?.uuid && new Html(' selected')}>${one.displayName}</option>`,
  )}</select>`
}

/** undefined: the form has no such field. */
export function readAssignee(visit: RepositoryVisit): Person | null | undefined {
  const wanted = formText(visit.form, 'assignee')
  if (wanted === undefined) return undefined
  if (wanted === '') return null
  const found = assignable(visit).find((one) => one.accountId === wanted)
  if (found === undefined) throw badRequest('Bad request', { assignee: [`No such person: ${wanted}`] })
  return found
}

const partLabels: Record<TrackerPartKind, string> = {
  component: 'Component',
  milestone: 'Milestone',
  version: 'Version',
}

/** Menus of the parts the tracker has any of. */
export function partMenus(
  { repository: { tracker } }: RepositoryVisit,
  chosen: Pick<Issue, 'component' | 'milestone' | 'version'>,
): Html {
  return html`${trackerPartKinds
    .filter((kind) => tracker[kind].length > 0)
    .map((kind) =>
      menu(kind, partLabels[kind], {
        of: tracker[kind].map((part) => part.name),
        chosen: chosen[kind]?.name ?? '',
        none: 'none',
      }),
    )}`
}

/** What a form says of an issue; fields it does not have stay as they are. */
export function readIssueForm(visit: RepositoryVisit): IssueEdit {
  const text = (name: string) => formText(visit.form, name)
  const part = (kind: TrackerPartKind) => (text(kind) === '' ? null : text(kind))
  return {
    title: text('title'),
    raw: text('content'),
    kind: text('kind'),
    priority: text('priority'),
    assignee: readAssignee(visit),
    component: part('component'),
    milestone: part('milestone'),
    version: part('version'),
  }
}

export function showNewIssue(visit: RepositoryVisit): Answer {
  assertTracker(visit)
  const { defaults } = visit.repository.tracker
  const body = html`<h1>Create issue</h1><form method="post" action="${visit.base}/issues" enctype="multipart/form-data" class="narrow" id="new-issue-form">
<label for="title">Title</label><input id="title" name="title" required maxlength="255">
<label for="content">Description</label><textarea id="content" name="content" rows="6"></textarea>
${assigneeMenu(visit, defaults.assignee)}
${menu('kind', 'Kind', { of: issueKinds, chosen: defaults.kind })}
${menu('priority', 'Priority', { of: issuePriorities, chosen: 'major' })}
${partMenus(visit, defaults)}
<label for="files">Attachments</label><input id="files" name="files" type="file" multiple>
<button class="primary" id="create-issue">Create issue</button></form>`
  return show({ title: 'Create issue', body, repository: visit.repository, tab: 'issues' })
}

export const addIssue = keepTyped((visit) => {
  assertTracker(visit)
  const { sim, repository, person: actor, base } = visit
  const acting = { repository, actor, permission: permissionIn(repository, actor) }
  const issue = createIssue(sim, acting, readIssueForm(visit))
  if (visit.files.length > 0) attachFiles(sim, { ...acting, issue }, visit.files)
  return redirect(`${base}/issues/${issue.id}`)
})
