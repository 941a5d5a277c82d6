import { applyChange } from '../operations/change.ts'
import { type Cause, idOf, pullRequestCauses } from './try-pull-request-causes.ts'

const repository = '/repositories/meadow-goods/storefront-api'
const web = '/meadow-goods/storefront-api'
const commentOf = (address: string) => /#comment-(\d+)/.exec(address)?.[1] ?? ''
const branch = (name: string) => `${repository}/refs/branches/${name}`

const pageCauses: Cause[] = [
  {
    what: 'the form of a new pull request',
    do: async ({ post, kept }) => {
      const address = await post(`${web}/pull-requests`, {
        source: 'feature/causes',
        destination: 'main',
        title: 'Page',
      })
      kept['page'] = address.split('/').at(-1) ?? ''
    },
    raises: ['pullrequest:created'],
  },
  ...(
    [
      ['approve', 'approved'],
      ['unapprove', 'unapproved'],
      ['request-changes', 'changes_request_created'],
      ['remove-request-changes', 'changes_request_removed'],
    ] as const
  ).map(
    ([name, event]): Cause => ({
      what: `the button ${name}`,
      do: ({ post }) => post(`${web}/pull-requests/4/${name}`, {}),
      raises: [`pullrequest:${event}`],
    }),
  ),
  {
    what: 'the form of a comment on a line',
    do: async ({ post, kept }) => {
      const address = await post(`${web}/pull-requests/4/comments`, { content: 'here', path: 'README.md', to: '1' })
      kept['comment'] = commentOf(address)
    },
    raises: ['pullrequest:comment_created'],
  },
  ...(
    [
      ['edit', 'comment_updated'],
      ['resolve', 'comment_resolved'],
      ['reopen', 'comment_reopened'],
      ['delete', 'comment_deleted'],
    ] as const
  ).map(
    ([name, event]): Cause => ({
      what: `the button ${name} of a comment`,
      do: ({ post, kept }) => post(`${web}/pull-requests/4/comments/${kept['comment']}/${name}`, { content: 'there' }),
      raises: [`pullrequest:${event}`],
    }),
  ),
  {
    what: 'the form to decline',
    do: ({ post, kept }) => post(`${web}/pull-requests/${kept['page']}/decline`, { reason: 'no' }),
    raises: ['pullrequest:rejected'],
  },
  {
    what: 'the form to merge',
    do: ({ post }) => post(`${web}/pull-requests/4/merge`, { merge_strategy: 'merge_commit', message: 'Merged' }),
    raises: ['pullrequest:fulfilled', 'repo:push'],
  },
  {
    what: 'the form of a comment on a commit',
    do: async ({ post, mara }) => {
      const hash = String((await mara('GET', `${repository}/commit/main`)).at('hash'))
      await post(`${web}/commits/${hash}/comments`, { content: 'hm' })
    },
    raises: ['repo:commit_comment_created'],
  },
  {
    what: 'the form to import a repository',
    do: ({ post, simulator, kept }) =>
      post('/repo/import', {
        workspace: 'meadow-goods',
        name: 'imported',
        url: `${simulator.web}/${kept['public']}.git`,
      }),
    raises: ['repo:created', 'repo:imported'],
  },
]

const status = { key: 'ci', url: 'https://ci.example/', state: 'INPROGRESS' }

const repositoryCauses: Cause[] = [
  {
    what: 'POST a commit comment',
    do: ({ mara }) => mara('POST', `${repository}/commit/main/comments`, { content: { raw: 'why?' } }),
    raises: ['repo:commit_comment_created'],
  },
  {
    what: 'POST a build status',
    do: ({ mara }) => mara('POST', `${repository}/commit/main/statuses/build`, status),
    raises: ['repo:commit_status_created'],
  },
  {
    what: 'PUT a build status',
    do: ({ mara }) => mara('PUT', `${repository}/commit/main/statuses/build/ci`, { ...status, state: 'SUCCESSFUL' }),
    raises: ['repo:commit_status_updated'],
  },
  {
    what: 'POST and DELETE a branch',
    do: async ({ mara }) => {
      await mara('POST', `${repository}/refs/branches`, { name: 'short', target: { hash: 'main' } })
      await mara('DELETE', branch('short'))
    },
    raises: ['repo:push', 'repo:push'],
  },
  {
    what: 'POST a tag',
    do: ({ mara }) => mara('POST', `${repository}/refs/tags`, { name: 'v9', target: { hash: 'main' } }),
    raises: ['repo:push'],
  },
  {
    what: 'POST files',
    do: ({ mara }) => {
      const form = new FormData()
      form.append('/new.txt', 'new')
      form.append('branch', 'files')
      return mara('POST', `${repository}/src`, form)
    },
    raises: ['repo:push'],
  },
  {
    what: 'PUT a repository',
    do: ({ mara }) => mara('PUT', repository, { description: 'Better' }),
    raises: ['repo:updated'],
  },
  {
    what: 'POST a fork',
    do: ({ mara }) => mara('POST', `${repository}/forks`, { name: 'forked' }),
    raises: ['repo:fork'],
  },
  {
    what: 'POST a repository',
    do: ({ mara }) => mara('POST', '/repositories/meadow-goods/fresh', { scm: 'git' }),
    raises: ['repo:created'],
  },
  {
    what: 'DELETE a repository',
    do: ({ mara }) => mara('DELETE', '/repositories/meadow-goods/fresh'),
    raises: ['repo:deleted'],
  },
  {
    what: 'a repository handed to another workspace',
    do: ({ simulator }) =>
      applyChange(simulator.sim, { what: 'repository', repository: 'forked', workspace: 'elsewhere' }),
    raises: ['repo:transfer'],
  },
  {
    what: 'PUT a project',
    do: ({ mara }) => mara('PUT', '/workspaces/meadow-goods/projects/FIN', { name: 'Money', key: 'FIN' }),
    raises: ['project:updated'],
  },
  {
    what: 'POST and stop a pipeline',
    do: async ({ mara }) => {
      const target = { type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main' }
      const made = await mara('POST', '/repositories/meadow-goods/invoice-service/pipelines', { target })
      const uuid = encodeURIComponent(String(made.at('uuid')))
      await mara('POST', `/repositories/meadow-goods/invoice-service/pipelines/${uuid}/stopPipeline`)
    },
    raises: ['repo:commit_status_updated', 'pipeline:span_created', 'repo:commit_status_updated'],
  },
]

const issue = `${repository}/issues/1`

const trackerCauses: Cause[] = [
  {
    what: 'POST an issue',
    do: ({ mara }) => mara('POST', `${repository}/issues`, { title: 'a' }),
    raises: ['issue:created'],
  },
  { what: 'PUT an issue', do: ({ mara }) => mara('PUT', issue, { state: 'open' }), raises: ['issue:updated'] },
  {
    what: 'POST a change',
    do: ({ mara }) => mara('POST', `${issue}/changes`, { changes: { state: { new: 'closed' } } }),
    raises: ['issue:updated'],
  },
  {
    what: 'POST a comment on an issue',
    do: async ({ mara, kept }) => {
      kept['said'] = idOf(await mara('POST', `${issue}/comments`, { content: { raw: 'so' } }))
    },
    raises: ['issue:comment_created'],
  },
  {
    what: 'PUT and DELETE a comment on an issue',
    do: async ({ mara, kept }) => {
      await mara('PUT', `${issue}/comments/${kept['said']}`, { content: { raw: 'no' } })
      await mara('DELETE', `${issue}/comments/${kept['said']}`)
    },
    raises: [],
  },
  { what: 'PUT vote', do: ({ mara }) => mara('PUT', `${issue}/vote`), raises: [] },
  {
    what: 'the form of a new issue',
    do: ({ post }) => post(`${web}/issues`, { title: 'b', kind: 'bug', priority: 'major' }),
    raises: ['issue:created'],
  },
  ...(['state', 'assignee', 'edit'] as const).map(
    (name): Cause => ({
      what: `the form ${name} of an issue`,
      do: ({ post, simulator }) => {
        const assignee = simulator.users[0]?.account_id ?? ''
        return post(`${web}/issues/2/${name}`, { state: 'open', assignee, title: 'c' })
      },
      raises: ['issue:updated'],
    }),
  ),
  {
    what: 'the form of a comment on an issue',
    do: ({ post }) => post(`${web}/issues/2/comments`, { content: 'so' }),
    raises: ['issue:comment_created'],
  },
  { what: 'DELETE an issue', do: ({ mara }) => mara('DELETE', issue), raises: [] },
]

export const causes: Cause[] = [...pullRequestCauses, ...pageCauses, ...repositoryCauses, ...trackerCauses]
