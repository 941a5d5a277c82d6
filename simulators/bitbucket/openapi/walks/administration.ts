import type { Simulator } from '../../simulator.ts'
import type { Step, Walk } from '../walk.ts'

const repository = '/repositories/:workspace/:slug'
const restrictions = `${repository}/branch-restrictions`
const reviewers = `${repository}/default-reviewers`
const keys = `${repository}/deploy-keys`
const downloads = `${repository}/downloads`
const grants = `${repository}/permissions-config`

/** A public key nobody has the other half of. */
function publicKey(seed: number): string {
  const type = Buffer.from('ssh-ed25519')
  const bytes = Buffer.concat([
    Buffer.from([0, 0, 0, type.length]),
    type,
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, seed),
  ])
  return `ssh-ed25519 ${bytes.toString('base64')}`
}

export const [firstKey, secondKey] = [`${publicKey(1)} build@host`, publicKey(2)] as const

function file(field: string, name: string): FormData {
  const form = new FormData()
  form.append(field, new Blob(['contents']), name)
  return form
}

export function peopleValues({ users }: Simulator): Record<string, string> {
  const idOf = (username: string) => users.find((one) => one.username === username)?.uuid ?? ''
  return {
    user: idOf('tomas-okoye'),
    owner: idOf('mara-lind'),
    outsider: idOf('piet-oosten'),
    group: 'developers',
  }
}

const lifecycle: Step[] = [
  { method: 'POST', path: repository, with: { slug: 'walked' }, body: { project: { key: 'LABS' } }, status: 200 },
  { method: 'POST', path: repository, with: { slug: 'walked' }, body: {}, status: 400 },
  { method: 'POST', path: repository, with: { slug: 'Walked' }, body: {}, status: 400 },
  { method: 'POST', path: repository, with: { slug: 'other' }, body: {}, as: 'tomas-okoye', status: 400 },
  { method: 'PUT', path: repository, with: { slug: 'walked-twice' }, body: { description: 'd' }, status: 201 },
  { method: 'PUT', path: repository, with: { slug: 'walked-twice' }, body: { name: 'Walked thrice' }, status: 200 },
  { method: 'PUT', path: repository, with: { slug: 'walked-thrice' }, body: { fork_policy: 'x' }, status: 400 },
  { method: 'PUT', path: repository, body: {}, as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: repository, with: { slug: 'walked' } },
  { method: 'DELETE', path: repository, with: { slug: 'walked' }, as: 'tomas-okoye', status: 403 },
  { method: 'DELETE', path: repository, with: { slug: 'walked' }, query: 'redirect_to=https://a.example', status: 204 },
  { method: 'DELETE', path: repository, with: { slug: 'walked' }, status: 404 },
  { method: 'GET', path: repository, with: { slug: 'walked' }, status: 404 },
  { method: 'POST', path: `${repository}/forks`, body: { name: 'Forked' }, status: 201 },
  { method: 'POST', path: `${repository}/forks`, body: { name: 'Forked' }, status: 400 },
  { method: 'GET', path: `${repository}/forks`, query: 'q=name~"fork"&sort=-created_on&role=admin' },
  { method: 'GET', path: `${repository}/forks`, query: 'role=king', status: 400 },
  { method: 'GET', path: `${repository}/watchers`, with: { slug: 'forked' } },
  { method: 'GET', path: `${repository}/watchers`, as: 'piet-oosten', status: 403 },
  { method: 'GET', path: `${repository}/override-settings` },
  {
    method: 'PUT',
    path: `${repository}/override-settings`,
    body: { override_settings: { branching_model: false } },
    status: 204,
  },
  { method: 'PUT', path: `${repository}/override-settings`, body: {}, as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: `${repository}/override-settings`, with: { slug: 'none' }, status: 404 },
]

const branches: Step[] = [
  {
    method: 'POST',
    path: restrictions,
    body: { kind: 'push', pattern: 'release/*', users: [{ username: 'mara-lind' }], groups: [{ slug: 'security' }] },
    status: 201,
    keep: { id: ['id'] },
  },
  {
    method: 'POST',
    path: restrictions,
    body: {
      kind: 'require_approvals_to_merge',
      branch_match_kind: 'branching_model',
      branch_type: 'development',
      value: 2,
    },
    status: 201,
  },
  { method: 'POST', path: restrictions, body: { kind: 'push', pattern: 'release/*', users: [] }, status: 400 },
  { method: 'POST', path: restrictions, body: { kind: 'push', pattern: 'x', users: [{ uuid: '{}' }] }, status: 404 },
  { method: 'GET', path: restrictions },
  { method: 'GET', path: restrictions, query: 'kind=push&pattern=release/*' },
  { method: 'GET', path: restrictions, as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: `${restrictions}/:id` },
  { method: 'GET', path: `${restrictions}/:id`, with: { id: '1' }, status: 404 },
  { method: 'PUT', path: `${restrictions}/:id`, body: { pattern: 'hotfix/*' } },
  { method: 'PUT', path: `${restrictions}/:id`, body: { kind: 'pull' }, status: 400 },
  { method: 'PUT', path: `${restrictions}/:id`, with: { id: '1' }, body: {}, status: 404 },
  { method: 'DELETE', path: `${restrictions}/:id`, status: 204 },
  { method: 'DELETE', path: `${restrictions}/:id`, status: 404 },
  { method: 'GET', path: `${repository}/branching-model` },
  { method: 'GET', path: `${repository}/branching-model`, as: 'piet-oosten', status: 403 },
  { method: 'GET', path: `${repository}/effective-branching-model` },
  { method: 'GET', path: `${repository}/effective-branching-model`, as: null, status: 401 },
  { method: 'GET', path: `${repository}/branching-model/settings` },
  { method: 'GET', path: `${repository}/branching-model/settings`, as: 'tomas-okoye', status: 403 },
  {
    method: 'PUT',
    path: `${repository}/branching-model/settings`,
    body: { production: { enabled: true, name: 'main', use_mainbranch: false }, default_branch_deletion: 'true' },
  },
  {
    method: 'PUT',
    path: `${repository}/branching-model/settings`,
    body: { development: { name: 'nowhere', use_mainbranch: false } },
    status: 400,
  },
  { method: 'GET', path: `${repository}/branching-model` },
]

const reviewing: Step[] = [
  { method: 'PUT', path: `${reviewers}/:user` },
  { method: 'PUT', path: `${reviewers}/:user`, with: { user: 'nobody' }, status: 404 },
  { method: 'PUT', path: `${reviewers}/:user`, with: { user: 'piet-oosten' }, status: 400 },
  { method: 'PUT', path: `${reviewers}/:user`, as: 'tomas-okoye', status: 403 },
  { method: 'GET', path: reviewers },
  { method: 'GET', path: reviewers, as: 'piet-oosten', status: 403 },
  { method: 'GET', path: `${reviewers}/:user` },
  { method: 'GET', path: `${reviewers}/:user`, with: { user: 'mara-lind' }, status: 404 },
  { method: 'GET', path: `${repository}/effective-default-reviewers` },
  { method: 'GET', path: `${repository}/effective-default-reviewers`, as: 'piet-oosten', status: 403 },
  { method: 'DELETE', path: `${reviewers}/:user`, status: 204 },
  { method: 'DELETE', path: `${reviewers}/:user`, with: { user: 'nobody' }, status: 404 },
  { method: 'GET', path: '/workspaces/:workspace/pullrequests/:user', query: 'state=MERGED&sort=-updated_on' },
  { method: 'GET', path: '/workspaces/:workspace/pullrequests/:user', with: { user: 'nobody' }, status: 404 },
]

const keysAndFiles: Step[] = [
  { method: 'POST', path: keys, body: { key: firstKey, label: 'build' }, status: 200, keep: { key: ['id'] } },
  { method: 'GET', path: keys },
  { method: 'GET', path: `${keys}/:id`, with: { id: '1' }, status: 404 },
  { method: 'GET', path: keys, with: { slug: 'none' }, status: 404 },
  { method: 'POST', path: keys, body: { key: firstKey }, as: 'tomas-okoye', status: 403 },
  { method: 'POST', path: downloads, body: file('files', 'a b.txt'), status: 201 },
  { method: 'POST', path: downloads, body: file('file', 'a.txt'), status: 400 },
  { method: 'POST', path: downloads, body: {}, status: 406 },
  { method: 'POST', path: downloads, body: file('files', 'a.txt'), as: 'piet-oosten', status: 403 },
  { method: 'GET', path: downloads },
  { method: 'GET', path: downloads, as: 'piet-oosten', status: 403 },
  { method: 'GET', path: `${downloads}/:filename`, with: { filename: 'a b.txt' }, status: 302 },
  { method: 'GET', path: `${downloads}/:filename`, with: { filename: 'none' }, status: 404 },
  { method: 'DELETE', path: `${downloads}/:filename`, with: { filename: 'a b.txt' }, status: 204 },
  { method: 'DELETE', path: `${downloads}/:filename`, with: { filename: 'a b.txt' }, status: 404 },
]

const oneKey: Step[] = [
  { method: 'POST', path: keys, body: { key: firstKey, label: 'build' }, keep: { id: ['id'] } },
  { method: 'GET', path: `${keys}/:id` },
  { method: 'PUT', path: `${keys}/:id`, body: { key: firstKey, label: 'renamed' } },
  { method: 'PUT', path: `${keys}/:id`, body: { key: secondKey }, status: 400 },
  { method: 'DELETE', path: `${keys}/:id`, status: 204 },
  { method: 'DELETE', path: `${keys}/:id`, status: 404 },
]

const rights: Step[] = (['users/:user', 'groups/:group'] as const).flatMap((tail): Step[] => {
  const all = `${grants}/${tail.split('/')[0] ?? ''}`
  return [
    { method: 'PUT', path: `${grants}/${tail}`, body: { permission: 'write' } },
    { method: 'PUT', path: `${grants}/${tail}`, body: { permission: 'king' }, status: 400 },
    { method: 'PUT', path: `${grants}/${tail}`, body: { permission: 'read' }, as: 'tomas-okoye', status: 403 },
    { method: 'PUT', path: `${grants}/${tail}`, with: { user: 'x', group: 'x' }, body: {}, status: 404 },
    { method: 'GET', path: all },
    { method: 'GET', path: all, as: 'tomas-okoye', status: 403 },
    { method: 'GET', path: `${grants}/${tail}` },
    { method: 'GET', path: `${grants}/${tail}`, with: { user: 'x', group: 'x' }, status: 404 },
    { method: 'DELETE', path: `${grants}/${tail}`, status: 204 },
    { method: 'GET', path: `${grants}/${tail}` },
    { method: 'DELETE', path: `${grants}/${tail}`, with: { user: 'x', group: 'x' }, status: 404 },
  ]
})

export const administrationWalk: Walk = {
  name: 'what administrators of a repository decide',
  mode: '2026',
  values: (simulator) => ({ ...peopleValues(simulator), workspace: 'meadow-goods', slug: 'ledger-core' }),
  steps: [...oneKey, ...lifecycle, ...branches, ...reviewing, ...keysAndFiles, ...rights],
}
