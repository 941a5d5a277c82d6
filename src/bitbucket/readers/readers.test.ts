import { expect, test } from 'vitest'
import { activityRecord } from './activity.ts'
import { deploymentRecord, environmentRecord } from './deployments.ts'
import { memberRecord } from './members.ts'
import { pipelineRecord } from './pipelines.ts'
import { pullRequestRecord } from './pull-requests.ts'
import { readRecord } from './record.ts'

const nora = { type: 'user', uuid: '{n}', account_id: '7:n', display_name: 'Nora Fell', nickname: 'nora' }
const robot = { type: 'app_user', uuid: '{r}', display_name: 'Release robot' }

const pullRequest = {
  id: 12,
  title: 'Count the\0 boxes',
  state: 'MERGED',
  author: nora,
  closed_by: robot,
  source: { branch: { name: 'boxes' }, commit: { hash: 'aaaaaaaaaaaa' }, repository: null },
  destination: { branch: { name: 'main' }, commit: null },
  merge_commit: { hash: 'bbbbbbbbbbbb' },
  created_on: '2026-10-01T08:00:00.123456+00:00',
  updated_on: '2026-10-02T08:00:00+00:00',
  reviewers: [nora],
  participants: [
    { user: nora, role: 'REVIEWER', state: 'approved', approved: true, participated_on: '2026-10-01T09:00:00+00:00' },
    { user: null, role: 'PARTICIPANT', state: null, approved: false, participated_on: null },
  ],
}

test('a pull request is read with who reviews it; who is no longer known is left out', () => {
  const record = readRecord(pullRequestRecord, pullRequest)
  expect(record).toMatchObject({
    kind: 'entry',
    key: '12',
    entry: {
      title: 'Count the boxes',
      state: 'merged',
      author: { uuid: '{n}', name: 'Nora Fell', isBot: false },
      closedBy: { uuid: '{r}', isBot: true },
      mergeCommit: 'bbbbbbbbbbbb',
      openedAt: new Date('2026-10-01T08:00:00.123Z'),
      reviewers: [{ account: { uuid: '{n}' }, role: 'reviewer', state: 'approved' }],
    },
  })
  expect(readRecord(pullRequestRecord, { ...pullRequest, author: null })).toMatchObject({ entry: { author: null } })
})

test('a record that makes no sense is named, and says why', () => {
  const odd = { ...pullRequest, state: 'PONDERING', created_on: 'yesterday' }
  expect(readRecord(pullRequestRecord, odd)).toEqual({
    kind: 'bad',
    key: '12',
    reason: expect.stringMatching(/state: .*created_on: is no time/),
  })
  expect(readRecord(pullRequestRecord, 'nothing')).toMatchObject({ kind: 'bad', key: null })
})

const about = { pull_request: { id: 12, title: 'Count the boxes' } }
const date = '2026-10-01T10:00:00+00:00'
const eventsOf = (value: object) => {
  const record = readRecord(activityRecord, { ...about, ...value })
  if (record.kind === 'bad') throw new Error(record.reason)
  return record.entry.events.map(({ kind, key }) => `${kind} ${key}`)
}

test('an entry of the history says what happened, by a key that is the same however often it is told', () => {
  const update = { date, state: 'OPEN', author: nora, source: { commit: { hash: 'cccccccccccc' } }, changes: {} }
  expect(eventsOf({ update })).toEqual(['commit_pushed cccccccccccc'])
  expect(eventsOf({ update: { ...update, state: 'MERGED' } })).toEqual(['merged '])
  expect(eventsOf({ update: { ...update, state: 'SUPERSEDED' } })).toEqual(['superseded '])
  const drafts = { ...update, source: null, changes: { draft: { old: 'true', new: 'false' }, title: {} } }
  expect(eventsOf({ update: drafts })).toEqual([`ready 2026-10-01T10:00:00.000Z`, `edited 2026-10-01T10:00:00.000Z`])
  expect(eventsOf({ approval: { date, user: nora } })).toEqual([`approval {n} 2026-10-01T10:00:00.000Z`])
  expect(eventsOf({ changes_requested: { date, user: null } })).toEqual([
    `changes_requested unknown 2026-10-01T10:00:00.000Z`,
  ])
  expect(eventsOf({ comment: { id: 5, created_on: date, user: null, deleted: true } })).toEqual(['comment 5'])
  expect(eventsOf({ comment: null })).toEqual([])
  expect(eventsOf({ something_new: { at: date } })).toEqual([])
})

test('of a comment the keys that stand in it are kept, and a text that is none costs nothing', () => {
  const keysOf = (content: unknown) => {
    const record = readRecord(activityRecord, { ...about, comment: { id: 5, created_on: date, user: nora, content } })
    return record.kind === 'bad' ? record.reason : record.entry.events.flatMap(({ keys }) => keys)
  }
  expect(keysOf({ raw: 'Mends SHOP-12 and weir-7\0' })).toEqual(['SHOP-12', 'WEIR-7'])
  expect(keysOf({ raw: '' })).toEqual([])
  // No text is not a text without keys.
  for (const odd of [null, undefined, { raw: null }, { raw: 7 }, 'text', []]) expect(keysOf(odd)).toEqual([null])
})

test('a pipeline is read whatever it was started for; one that waits for a person is paused', () => {
  const pipeline = {
    uuid: '{p}',
    build_number: 7,
    creator: null,
    created_on: '2026-10-01T08:00:00.123456789Z',
    target: { ref_type: 'branch', ref_name: 'main', selector: { type: 'custom', pattern: 'nightly' } },
    trigger: { name: 'SCHEDULED' },
    state: { name: 'IN_PROGRESS', stage: { name: 'PAUSED' } },
  }
  expect(readRecord(pipelineRecord, pipeline)).toMatchObject({
    entry: { number: 7, name: 'nightly', trigger: 'scheduled', state: 'paused', result: null, refName: 'main' },
  })
  const ended = { ...pipeline, state: { name: 'COMPLETED', result: { name: 'EXPIRED' } }, target: null }
  expect(readRecord(pipelineRecord, ended)).toMatchObject({ entry: { state: 'completed', result: 'expired' } })
})

test('a deployment that is over succeeded only where its status says so', () => {
  const deployment = {
    uuid: '{d}',
    environment: { uuid: '{e}' },
    release: { name: '#7', pipeline: { uuid: '{p}' }, commit: { hash: 'd'.repeat(40) } },
    state: { name: 'COMPLETED', status: { name: 'FAILED' }, started_on: date, completed_on: date },
  }
  const stateOf = (state: object) => readRecord(deploymentRecord, { ...deployment, state })
  expect(stateOf(deployment.state)).toMatchObject({ entry: { state: 'failed', pipelineUuid: '{p}' } })
  expect(stateOf({ ...deployment.state, status: { name: 'SUCCESSFUL' } })).toMatchObject({
    entry: { state: 'successful' },
  })
  expect(stateOf({ name: 'UNDEPLOYED' })).toMatchObject({ entry: { state: 'undeployed', startedAt: null } })
  expect(stateOf({ name: 'COMPLETED' })).toMatchObject({ kind: 'bad', key: '{d}' })
})

test('what an environment is for is its type, not its name', () => {
  const kindOf = (value: object) => readRecord(environmentRecord, { uuid: '{e}', ...value })
  expect(kindOf({ name: 'Blue', environment_type: { name: 'Production' } })).toMatchObject({
    entry: { kind: 'production' },
  })
  expect(kindOf({ name: 'Production' })).toMatchObject({ entry: { kind: 'other' } })
})

test('a membership of a deleted account is nothing wrong', () => {
  expect(readRecord(memberRecord, { user: null })).toMatchObject({ entry: { account: null } })
  expect(readRecord(memberRecord, { user: nora })).toMatchObject({ entry: { account: { uuid: '{n}' } } })
})
