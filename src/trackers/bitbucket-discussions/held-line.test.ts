import { expect, test } from 'vitest'
import type { BitbucketClient } from '../../bitbucket/client.ts'
import type { Query } from '../../lib/rest-client.ts'
import type { DiscussionPlace } from './discussion-place.ts'
import { findHeldLine } from './held-line.ts'

const renamed = [
  'diff --git a/lib/old.js b/lib/new.js',
  'rename from lib/old.js',
  'rename to lib/new.js',
  '--- a/lib/old.js',
  '+++ b/lib/new.js',
  '@@ -7,3 +7,4 @@',
  ' one()',
  '+inserted()',
  " connect('pa••••••')",
  '-three()',
  '+tres()',
].join('\n')

const refuse = () => {
  throw new Error('This request is not expected.')
}

function placeWith(asked: Query[]): DiscussionPlace {
  const client: BitbucketClient = {
    get: refuse,
    post: refuse,
    put: refuse,
    delete: refuse,
    upload: refuse,
    download: refuse,
    page: refuse,
    grantedScopes: () => undefined,
    text: async (_path, { query }) => {
      asked.push(query ?? {})
      return renamed.replace('pa••••••', 'passw0rd-of-mine')
    },
    pages: async function* (_path, { schema }) {
      const values = [schema.parse({ old: { path: 'lib/old.js' }, new: { path: 'lib/new.js' } })]
      yield { values, next: undefined }
    },
  }
  return {
    client,
    repository: { remoteUuid: '{r}', workspaceUuid: '{w}', mainBranch: 'main', hasIssues: false },
    repositoryPath: '/repositories/w/r',
    settings: {},
    lane: 'bulk',
    remember: (_key, ask) => ask(),
  }
}

const pullRequest = {
  id: 3,
  source: { branch: { name: 'topic' }, commit: { hash: 'a1b2c3d4e5f6' }, repository: { uuid: '{r}' } },
  destination: { branch: { name: 'main' }, commit: { hash: '0f0e0d0c0b0a' } },
}

test('a file that the pull request renames is found by its old name, and its diff asked for by both', async () => {
  const asked: Query[] = []
  const wanted = { path: 'lib/old.js', line: 9, commitHash: null, lineText: 'three()' }
  expect(await findHeldLine(placeWith(asked), { pullRequest, side: 'old' }, wanted)).toMatchObject({
    path: 'lib/new.js',
    line: 9,
    side: 'old',
  })
  expect(asked).toEqual([{ path: ['lib/new.js', 'lib/old.js'], topic: true }])
})

test('on the source branch the old name is no file any more', async () => {
  const wanted = { path: 'lib/old.js', line: 9, commitHash: null, lineText: null }
  expect(await findHeldLine(placeWith([]), { pullRequest, side: 'new' }, wanted)).toBeUndefined()
})

test('a line whose secret was masked when the report came in is the same line', async () => {
  const wanted = { path: 'lib/old.js', line: 8, commitHash: null, lineText: "connect('pa••••••')" }
  expect(await findHeldLine(placeWith([]), { pullRequest, side: 'old' }, wanted)).toMatchObject({
    path: 'lib/new.js',
    line: 9,
    side: 'new',
  })
})
