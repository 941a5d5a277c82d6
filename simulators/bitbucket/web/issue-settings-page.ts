import { type Html, html } from '../../shared/html.ts'
import { issueKinds, type TrackerPartKind, trackerPartKinds } from '../model/issue-tracker.ts'
import { offerOneTimeFile } from '../one-time-files.ts'
import { exportFileName, getIssueExport, startIssueExport, startIssueImport } from '../operations/issue-jobs.ts'
import { createTrackerPart, deleteTrackerPart, getTrackerPart, setIssueDefaults } from '../operations/issue-tracker.ts'
import { badRequest } from '../simulator-error.ts'
import { formText } from './form.ts'
import { assertTracker, menu } from './issues-page.ts'
import { assigneeMenu, partMenus, readAssignee } from './new-issue-page.ts'
import { type Answer, type RepositoryVisit, redirect, show } from './visit.ts'

function partKind(visit: RepositoryVisit): TrackerPartKind {
  const found = trackerPartKinds.find((kind) => `${kind}s` === visit.params['parts'])
  if (found === undefined) throw badRequest(`No such part of a tracker: ${visit.params['parts']}`)
  return found
}

function parts(visit: RepositoryVisit, kind: TrackerPartKind): Html {
  const action = `${visit.base}/admin/issues/${kind}s`
  const rows = visit.repository.tracker[kind].map(
    (part) =>
      html`<li class="row">${part.name}<form method="post" action="${action}/${part.id}/delete"><button aria-label="Delete the ${kind} ${part.name}">Delete</button></form></li>`,
  )
  return html`<section id="${kind}s"><h2>${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}s</h2>${rows.length > 0 && html`<ul class="plain">${rows}</ul>`}
<form method="post" action="${action}" class="row"><label for="new-${kind}">New ${kind}</label><input id="new-${kind}" name="name" class="short" required maxlength="128"><button id="add-${kind}">Add</button></form></section>`
}

export function showIssueSettings(visit: RepositoryVisit): Answer {
  assertTracker(visit)
  const { repository, base } = visit
  const { defaults } = repository.tracker
  const action = `${base}/admin/issues`
  const body = html`<p><a href="${base}/issues">All issues</a></p><h1>Issue settings</h1>
<section id="defaults"><h2>New issues get</h2><form method="post" action="${action}/defaults" class="narrow">${assigneeMenu(visit, defaults.assignee)}
${menu('kind', 'Kind', { of: issueKinds, chosen: defaults.kind })}${partMenus(visit, defaults)}<button class="primary" id="save-defaults">Save</button></form></section>
${trackerPartKinds.map((kind) => parts(visit, kind))}
<section id="export-import"><h2>Export and import</h2><form method="post" action="${action}/export"><button id="export-issues">Export issues</button></form>
<form method="post" action="${action}/import" enctype="multipart/form-data" class="narrow"><label for="archive">Archive: its issues replace all issues here</label><input id="archive" name="archive" type="file" accept=".zip" required>
<button id="import-issues">Import issues</button></form></section>`
  return show({ title: 'Issue settings', body, repository, tab: 'issues' })
}

function settingsForm(act: (visit: RepositoryVisit) => string): (visit: RepositoryVisit) => Answer {
  return (visit) => {
    assertTracker(visit)
    return redirect(`${visit.base}/admin/issues#${act(visit)}`)
  }
}

export const addTrackerPart = settingsForm((visit) => {
  const kind = partKind(visit)
  createTrackerPart(visit.sim, visit.repository, { kind, name: formText(visit.form, 'name') ?? '' })
  return `${kind}s`
})

export const removeTrackerPart = settingsForm((visit) => {
  const kind = partKind(visit)
  deleteTrackerPart(visit.repository, kind, getTrackerPart(visit.repository, kind, visit.params['part'] ?? ''))
  return `${kind}s`
})

export const saveIssueDefaults = settingsForm((visit) => {
  const { repository, form } = visit
  const part = (kind: TrackerPartKind) => repository.tracker[kind].find((one) => one.name === form.get(kind)) ?? null
  setIssueDefaults(repository, {
    kind: issueKinds.find((one) => one === form.get('kind')) ?? repository.tracker.defaults.kind,
    assignee: readAssignee(visit) ?? null,
    component: part('component'),
    milestone: part('milestone'),
    version: part('version'),
  })
  return 'defaults'
})

export const importIssues = settingsForm((visit) => {
  const [archive] = visit.files
  if (archive === undefined) throw badRequest('Bad request', { archive: ['This field is required.'] })
  const job = startIssueImport(visit.sim, visit.repository, archive.bytes)
  if (job.failed) throw badRequest('This file is not an archive of issues. Nothing was changed.')
  return 'export-import'
})

/** In a browser the archive comes at once. */
export function exportIssues(visit: RepositoryVisit): Answer {
  assertTracker(visit)
  const { sim, repository } = visit
  const name = exportFileName(repository, startIssueExport(sim, repository, true))
  const { archive } = getIssueExport(repository, name)
  return redirect(offerOneTimeFile(sim, { name, contentType: 'application/zip', bytes: archive }))
}
