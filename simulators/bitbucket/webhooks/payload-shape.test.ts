import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isObject } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

const folder = new URL('../../../../shared/real/bitbucket/webhooks/', import.meta.url)

/** What recordings have and we leave out, on purpose or because only some of them have it. */
const leftOut = [
  /(^|\.)avatar(\.|$)/,
  /\.source\.branch\.(links|sync_strategies)$/,
  /\.links\.(html|mergeability_checks)$/,
  // A bot of the recordings is of the old kind with a user name.
  /^actor\.username$/,
  // The owner of these repositories is a person, of ours a workspace.
  /^repository\.owner\.(nickname|account_id)$/,
  /^repository\.parent\./,
]

/** Every path of keys in a value; lists stand for their first member. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [path] : pathsOf(value[0], path)
  if (!isObject(value)) return [path]
  const inner = Object.entries(value).flatMap(([key, member]) => pathsOf(member, path === '' ? key : `${path}.${key}`))
  return path === '' ? inner : [path, ...inner]
}

function recorded(name: string): unknown {
  const parsed: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  return parsed
}

describe.runIf(existsSync(folder) || process.env['CI'] !== undefined)(
  'payloads have every key of the recorded ones',
  () => {
    let simulator: Simulator
    let receiver: Receiver
    let mara: Ask
    const base = '/repositories/meadow-goods/storefront-api'

    beforeAll(async () => {
      simulator = await startSimulator({ repositories: 0 })
      receiver = await openReceiver()
      mara = askAs(simulator, 'mara-lind')
      const events = [
        'pullrequest:updated',
        'pullrequest:rejected',
        'pullrequest:comment_created',
        'pullrequest:comment_deleted',
        'repo:push',
        'repo:commit_status_created',
      ]
      await mara('POST', `${base}/hooks`, { url: receiver.url, events })
      const comment = await mara('POST', `${base}/pullrequests/4/comments`, { content: { raw: 'x' } })
      await mara('DELETE', `${base}/pullrequests/4/comments/${comment.at('id')}`)
      await mara('POST', `${base}/pullrequests/6/request-changes`)
      await mara('PUT', `${base}/pullrequests/6`, { title: 'Upgrade' })
      await mara('POST', `${base}/pullrequests/5/decline`)
      await mara('POST', `${base}/commit/main/statuses/build`, {
        key: 'k',
        state: 'FAILED',
        url: 'https://a.example',
        refname: 'main',
      })
      await mara('POST', `${base}/pullrequests/6/merge`, {})
      await simulator.flush()
    })
    afterAll(async () => {
      await simulator.close()
      await receiver.close()
    })

    test.each([
      ['pullrequest:updated', 'jenkins-pullrequest_updated.json'],
      ['pullrequest:rejected', 'jenkins-pullrequest_rejected.json'],
      ['pullrequest:comment_created', 'goscm-pr_comment_created.json'],
      ['pullrequest:comment_deleted', 'goscm-pr_comment_deleted.json'],
      ['repo:commit_status_created', 'goscm-pipeline_hook_created.json'],
      ['repo:push', 'jenkins-commit_created.json'],
    ])('%s like %s', (event, name) => {
      const ours = receiver.caught.find((one) => one.headers['x-event-key'] === event)?.body
      const have = new Set(pathsOf(ours))
      const missing = pathsOf(recorded(name)).filter(
        (path) => !have.has(path) && !leftOut.some((pattern) => pattern.test(path)),
      )
      expect(missing).toEqual([])
    })
  },
)
