import type { Simulator } from '../simulator.ts'
import type { Ask, Reply } from '../try-api.ts'

const repository = '/repositories/meadow-goods/storefront-api'

/** Everything a cause may use. */
export interface Stage {
  simulator: Simulator
  mara: Ask
  tomas: Ask
  /** As Mara in a browser; answers where it leads. */
  post: (path: string, fields: Record<string, string>) => Promise<string>
  git: (...args: string[]) => Promise<unknown>
  /** What earlier causes left behind. */
  kept: Record<string, string>
}

export interface Cause {
  what: string
  do: (stage: Stage) => Promise<unknown>
  /** The events it raises, in their order. */
  raises: string[]
}

export const idOf = (reply: Reply) => String(reply.at('id'))
const pull = `${repository}/pullrequests/4`

export const pullRequestCauses: Cause[] = [
  {
    what: 'POST pullrequests',
    do: async ({ mara, kept }) => {
      const source = { branch: { name: 'feature/causes' } }
      kept['pull'] = idOf(await mara('POST', `${repository}/pullrequests`, { title: 'Causes', source }))
    },
    raises: ['pullrequest:created'],
  },
  {
    what: 'PUT a pull request',
    do: ({ mara }) => mara('PUT', pull, { title: 'Other' }),
    raises: ['pullrequest:updated'],
  },
  { what: 'POST approve', do: ({ tomas }) => tomas('POST', `${pull}/approve`), raises: ['pullrequest:approved'] },
  { what: 'DELETE approve', do: ({ tomas }) => tomas('DELETE', `${pull}/approve`), raises: ['pullrequest:unapproved'] },
  {
    what: 'POST request-changes',
    do: ({ tomas }) => tomas('POST', `${pull}/request-changes`),
    raises: ['pullrequest:changes_request_created'],
  },
  {
    what: 'DELETE request-changes',
    do: ({ tomas }) => tomas('DELETE', `${pull}/request-changes`),
    raises: ['pullrequest:changes_request_removed'],
  },
  {
    what: 'POST a comment on a line',
    do: async ({ mara, kept }) => {
      const body = { content: { raw: 'this' }, inline: { path: 'README.md', to: 1 } }
      kept['comment'] = idOf(await mara('POST', `${pull}/comments`, body))
    },
    raises: ['pullrequest:comment_created'],
  },
  {
    what: 'PUT a comment',
    do: ({ mara, kept }) => mara('PUT', `${pull}/comments/${kept['comment']}`, { content: { raw: 'that' } }),
    raises: ['pullrequest:comment_updated'],
  },
  {
    what: 'POST resolve',
    do: ({ mara, kept }) => mara('POST', `${pull}/comments/${kept['comment']}/resolve`),
    raises: ['pullrequest:comment_resolved'],
  },
  {
    what: 'DELETE resolve',
    do: ({ mara, kept }) => mara('DELETE', `${pull}/comments/${kept['comment']}/resolve`),
    raises: ['pullrequest:comment_reopened'],
  },
  {
    what: 'DELETE a comment',
    do: ({ mara, kept }) => mara('DELETE', `${pull}/comments/${kept['comment']}`),
    raises: ['pullrequest:comment_deleted'],
  },
  { what: 'POST a task', do: ({ mara }) => mara('POST', `${pull}/tasks`, { content: { raw: 'do' } }), raises: [] },
  {
    what: 'a push to the source branch',
    do: async ({ git }) => {
      await git('commit', '-q', '--allow-empty', '-m', 'More')
      await git('push', '-q', 'origin', 'HEAD:feature/causes')
    },
    raises: ['repo:push', 'pullrequest:updated', 'pullrequest:push'],
  },
  {
    what: 'POST decline',
    do: ({ mara, kept }) => mara('POST', `${repository}/pullrequests/${kept['pull']}/decline`),
    raises: ['pullrequest:rejected'],
  },
  {
    what: 'POST merge',
    do: ({ mara }) => mara('POST', `${repository}/pullrequests/6/merge`, {}),
    raises: ['pullrequest:fulfilled', 'repo:push'],
  },
]
