import { writeZip } from '../../../shared/zip.ts'
import { trackerOperations, trackerRemainders } from '../../routes/issue-tracker.ts'
import type { Step, Walk } from '../walk.ts'

const repository = '/repositories/:workspace/:slug'
const issues = `${repository}/issues`
const issue = `${issues}/:id`
const parts = ['component', 'milestone', 'version'] as const

function files(...named: [name: string, text: string][]): FormData {
  const form = new FormData()
  for (const [name, text] of named) form.append('files', new Blob([text]), name)
  return form
}

function archive(bytes: Buffer): FormData {
  const form = new FormData()
  form.append('archive', new Blob([bytes]), 'issues.zip')
  return form
}

const database = {
  issues: [{ id: 7, title: 'imported', status: 'open', kind: 'task', priority: 'minor', component: 'UI' }],
  comments: [{ id: 1, issue: 7, content: 'from elsewhere', user: { display_name: 'Gone', account_id: 'x' } }],
  ...Object.fromEntries(parts.map((part) => [`${part}s`, [{ name: part === 'component' ? 'UI' : '1.0' }]])),
}
const importedTracker = writeZip([{ path: 'db-2.0.json', bytes: Buffer.from(JSON.stringify(database)) }])

const across: Step[] = [
  { method: 'GET', path: '/repositories' },
  { method: 'GET', path: '/workspaces' },
  { method: 'GET', path: '/user/permissions/workspaces' },
  { method: 'GET', path: '/user/permissions/repositories' },
  { method: 'GET', path: '/snippets' },
  { method: 'GET', path: repository },
  { method: 'GET', path: '/hook_events/:subject', with: { subject: 'repository' } },
]

const elsewhere = { slug: 'storefront-api' }

const importing: Step[] = [
  { method: 'GET', path: `${issues}/import`, with: elsewhere, status: 404 },
  { method: 'POST', path: `${issues}/import`, with: elsewhere, body: {}, status: 400 },
  { method: 'POST', path: `${issues}/import`, with: elsewhere, as: 'tomas-okoye', status: 403 },
  { method: 'POST', path: `${issues}/import`, with: elsewhere, as: null, status: 401 },
  { method: 'POST', path: `${issues}/import`, with: elsewhere, body: archive(importedTracker), status: 202 },
  { method: 'POST', path: `${issues}/import`, with: elsewhere, body: archive(importedTracker), status: 409 },
  { method: 'GET', path: `${issues}/import`, with: elsewhere, status: 202 },
  { method: 'GET', path: `${issues}/import`, with: elsewhere, as: 'tomas-okoye', status: 403 },
  ...parts.flatMap((part): Step[] => [
    { method: 'GET', path: `${repository}/${part}s` },
    { method: 'GET', path: `${repository}/${part}s`, with: { slug: 'platform-infra' }, status: 404 },
    { method: 'GET', path: `${repository}/${part}s/:${part}` },
    { method: 'GET', path: `${repository}/${part}s/:${part}`, with: { [part]: '0' }, status: 404 },
  ]),
]

const inParts = { component: { name: 'UI' }, milestone: { name: '1.0' }, version: { name: '1.0' } }

const whole: Step[] = [
  {
    method: 'POST',
    path: issues,
    body: { title: 'one', content: { raw: 'text' }, ...inParts },
    keep: { id: ['id'], reporter: ['reporter', 'account_id'] },
  },
  { method: 'POST', path: issues, body: { content: { raw: 'no title' } }, status: 400 },
  { method: 'POST', path: issues, body: { title: 'x', component: { name: 'nowhere' } }, status: 400 },
  { method: 'POST', path: issues, body: { title: 'x' }, as: null, status: 401 },
  { method: 'POST', path: issues, body: { title: 'x' }, as: 'piet-oosten', status: 403 },
  { method: 'GET', path: issues, query: 'q=priority>="major"&sort=-updated_on' },
  { method: 'GET', path: issues, query: 'q=colour="red"', status: 400 },
  { method: 'GET', path: issues, with: { slug: 'platform-infra' }, status: 404 },
  { method: 'GET', path: issue },
  { method: 'GET', path: issue, with: { id: '99' }, status: 404 },
  { method: 'PUT', path: issue, body: { state: 'open', component: null } },
  { method: 'PUT', path: issue, body: { state: 'sleeping' }, status: 400 },
  { method: 'PUT', path: issue, with: { id: '99' }, body: { state: 'open' }, status: 404 },
  { method: 'PUT', path: issue, body: { state: 'open' }, as: 'piet-oosten', status: 403 },
]

const changes: Step[] = [
  {
    method: 'POST',
    path: `${issue}/changes`,
    body: { changes: { state: { new: 'resolved' }, version: { new: '' } }, message: { raw: 'done' } },
    keep: { change: ['id'] },
  },
  { method: 'POST', path: `${issue}/changes`, body: { changes: { assignee: { new: 'ines-calder' } } } },
  { method: 'POST', path: `${issue}/changes`, body: { message: { raw: 'nothing' } }, status: 400 },
  { method: 'POST', path: `${issue}/changes`, body: { changes: {} }, as: 'piet-oosten', status: 403 },
  { method: 'GET', path: `${issue}/changes`, query: 'q=changes.state.new="resolved"' },
  { method: 'GET', path: `${issue}/changes`, with: { id: '99' }, status: 404 },
  { method: 'GET', path: `${issue}/changes/:change` },
  { method: 'GET', path: `${issue}/changes/:change`, with: { change: '1' }, status: 404 },
]

const comments: Step[] = [
  { method: 'POST', path: `${issue}/comments`, body: { content: { raw: 'hello' } }, keep: { comment: ['id'] } },
  { method: 'POST', path: `${issue}/comments`, body: { content: { raw: ' ' } }, status: 400 },
  { method: 'POST', path: `${issue}/comments`, body: { content: { raw: 'x' } }, as: null, status: 401 },
  { method: 'GET', path: `${issue}/comments` },
  { method: 'GET', path: `${issue}/comments`, as: 'piet-oosten', status: 403 },
  { method: 'GET', path: `${issue}/comments/:comment` },
  { method: 'GET', path: `${issue}/comments/:comment`, with: { comment: '1' }, status: 404 },
  { method: 'PUT', path: `${issue}/comments/:comment`, body: { content: { raw: 'hi' } } },
  {
    method: 'PUT',
    path: `${issue}/comments/:comment`,
    body: { content: { raw: 'x' } },
    as: 'tomas-okoye',
    status: 403,
  },
  { method: 'DELETE', path: `${issue}/comments/:comment`, as: 'tomas-okoye', status: 403 },
  { method: 'DELETE', path: `${issue}/comments/:comment`, status: 204 },
]

const attachments: Step[] = [
  { method: 'POST', path: `${issue}/attachments`, body: files(['a b.txt', 'one'], ['c.txt', 'two']), status: 201 },
  { method: 'POST', path: `${issue}/attachments`, body: files(), status: 400 },
  { method: 'POST', path: `${issue}/attachments`, body: { file: 'x' }, status: 400 },
  { method: 'POST', path: `${issue}/attachments`, body: files(['a', 'b']), as: null, status: 401 },
  { method: 'POST', path: `${issue}/attachments`, with: { id: '99' }, body: files(['a', 'b']), status: 404 },
  { method: 'GET', path: `${issue}/attachments` },
  { method: 'GET', path: `${issue}/attachments`, with: { id: '99' }, status: 404 },
  { method: 'GET', path: `${issue}/attachments/*`, with: { '*': 'a%20b.txt' }, status: 302 },
  { method: 'GET', path: `${issue}/attachments/*`, with: { '*': 'none.txt' }, status: 404 },
  { method: 'DELETE', path: `${issue}/attachments/*`, with: { '*': 'c.txt' }, as: null, status: 401 },
  { method: 'DELETE', path: `${issue}/attachments/*`, with: { '*': 'c.txt' }, status: 204 },
  { method: 'DELETE', path: `${issue}/attachments/*`, with: { '*': 'c.txt' }, status: 404 },
]

const interest: Step[] = ['vote', 'watch'].flatMap((name): Step[] => [
  { method: 'GET', path: `${issue}/${name}`, as: 'tomas-okoye', status: 404 },
  { method: 'PUT', path: `${issue}/${name}`, as: 'tomas-okoye', status: 204 },
  { method: 'PUT', path: `${issue}/${name}`, with: { id: '99' }, status: 404 },
  { method: 'GET', path: `${issue}/${name}`, as: 'tomas-okoye', status: 204 },
  { method: 'GET', path: `${issue}/${name}`, as: null, status: 401 },
  { method: 'DELETE', path: `${issue}/${name}`, as: 'tomas-okoye', status: 204 },
  { method: 'DELETE', path: `${issue}/${name}`, as: null, status: 401 },
])

const ending: Step[] = [
  { method: 'POST', path: `${issues}/export`, body: { type: 'export_options' }, status: 202 },
  { method: 'POST', path: `${issues}/export`, as: 'tomas-okoye', status: 403 },
  { method: 'POST', path: `${issues}/export`, with: { slug: 'platform-infra' }, status: 404 },
  { method: 'GET', path: `${issues}/export/:file`, status: 202 },
  { method: 'GET', path: `${issues}/export/:file`, with: { file: 'ledger-core-issues-none.zip' }, status: 404 },
  { method: 'GET', path: `${issues}/export/:file`, as: 'tomas-okoye', status: 403 },
  { method: 'DELETE', path: issue, as: 'piet-oosten', status: 403 },
  { method: 'DELETE', path: issue, status: 204 },
  { method: 'DELETE', path: issue, status: 404 },
]

export const trackerWalk: Walk = {
  name: 'the issue tracker and the listings across workspaces',
  mode: 'legacy',
  prepare: async (ask) => {
    const issuesOfLedger = '/repositories/meadow-goods/ledger-core/issues'
    await ask('POST', `${issuesOfLedger}/import`, archive(importedTracker))
    await ask('POST', `${issuesOfLedger}/export`, { type: 'export_options' })
  },
  values: ({ sim }) => {
    // An export is described while it is under way; done, it is a file.
    sim.switches.tracker.jobMs = 3_600_000
    const tracker = sim.repositories.find((one) => one.slug === 'ledger-core')?.tracker
    const ids = parts.map((part) => [part, String(tracker?.[part][0]?.id)] as const)
    return {
      workspace: 'meadow-goods',
      slug: 'ledger-core',
      file: `ledger-core-issues-${tracker?.exports[0]?.id}.zip`,
      ...Object.fromEntries(ids),
    }
  },
  steps: [...across, ...importing, ...whole, ...changes, ...comments, ...attachments, ...interest, ...ending],
}

/** In 2026 all of it is gone, and what never was below its paths is gone with it. */
export const removedTrackerWalk: Walk = {
  name: 'the issue tracker after its removal',
  mode: '2026',
  values: () => ({
    workspace: 'meadow-goods',
    slug: 'ledger-core',
    id: '1',
    '*': 'x',
    change: '1',
    comment: '1',
    component: '1',
    milestone: '1',
    version: '1',
    file: 'x',
  }),
  steps: [...trackerOperations, ...trackerRemainders].map(({ method, path }) => ({ method, path, status: 410 })),
}
