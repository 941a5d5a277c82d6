import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { translate } from './translate.ts'

const real = fileURLToPath(new URL('../../../shared/real/bitbucket/webhooks/', import.meta.url))
const hasReal = existsSync(real) || process.env['CI'] !== undefined

const uuid = '{5c1f0a7e-32c4-4a1b-9a57-0d2b7d9f6e10}'
const actor = {
  type: 'user',
  uuid: '{9d2f6c1e-0b7a-4c55-8c0a-2b61a7c5d3f4}',
  display_name: 'Mira Lund',
  nickname: 'mira',
}
const repository = {
  type: 'repository',
  uuid,
  full_name: 'harbour/tide-gauge',
  name: 'tide-gauge',
  scm: 'git',
  is_private: true,
}
const about = {
  repository: { uuid, fullName: 'harbour/tide-gauge' },
  actor: { uuid: actor.uuid, displayName: 'Mira Lund' },
}
const pullrequest = { type: 'pullrequest', id: 14, title: 'Smooth the readings', state: 'OPEN' }
const comment = {
  type: 'pullrequest_comment',
  id: 512000017,
  content: { raw: 'Is this reachable?', markup: 'markdown', html: '<p>Is this reachable?</p>', type: 'rendered' },
  user: actor,
  deleted: false,
}
const issue = { type: 'issue', id: 3, title: 'Injection', state: 'resolved', kind: 'bug' }
const hash = 'd3022fc0ca3d65c7f6654eea129d6bf0cf0ee08e'

describe('a webhook', () => {
  it.each([
    ['pullrequest:comment_created', 'created'],
    ['pullrequest:comment_updated', 'updated'],
    ['pullrequest:comment_deleted', 'deleted'],
    ['pullrequest:comment_resolved', 'resolved'],
    ['pullrequest:comment_reopened', 'reopened'],
  ])('%s says a comment was %s', (eventKey, change) => {
    const payload = { actor, repository, pullrequest, comment: { ...comment, parent: { id: 512000003 } } }
    expect(translate(eventKey, payload)).toEqual({
      kind: 'event',
      event: {
        ...about,
        kind: 'comment',
        change,
        item: { kind: 'pull_request', id: 14 },
        commentId: '512000017',
        parentId: '512000003',
        toldOf: null,
      },
    })
  })

  it.each([
    ['2026-03-02T08:00:00.123456+00:00', '2026-03-02T08:00:00.123Z'],
    ['2026-03-02T10:00:00+02:00', '2026-03-02T08:00:00.000Z'],
  ])('a comment changed at %s tells of that time', (updated_on, iso) => {
    const payload = { actor, repository, pullrequest, comment: { ...comment, created_on: 'whenever', updated_on } }
    expect(translate('pullrequest:comment_updated', payload)).toMatchObject({ event: { toldOf: new Date(iso) } })
  })

  it('repo:commit_comment_created says which commit', () => {
    const expected = {
      ...about,
      kind: 'comment',
      change: 'created',
      item: { kind: 'commit', hash },
      commentId: '512000017',
      parentId: null,
      toldOf: null,
    }
    expect(translate('repo:commit_comment_created', { actor, repository, comment, commit: { hash } })).toEqual({
      kind: 'event',
      event: expected,
    })
    const nested = { actor, repository, comment: { ...comment, commit: { hash } } }
    expect(translate('repo:commit_comment_created', nested)).toEqual({ kind: 'event', event: expected })
    expect(translate('repo:commit_comment_created', { actor, repository, comment })).toMatchObject({
      kind: 'malformed',
    })
  })

  it('issue:updated says the new state under either of its names, and the comment written beside it', () => {
    const event = {
      ...about,
      kind: 'issue',
      change: 'updated',
      issueId: 3,
      state: 'resolved',
      commentId: '17',
      hasWords: false,
    }
    const beside = { id: 17, content: { raw: null } }
    for (const name of ['state', 'status'])
      expect(
        translate('issue:updated', {
          actor,
          repository,
          issue,
          comment: beside,
          changes: { [name]: { old: 'new', new: 'resolved' } },
        }),
      ).toEqual({ kind: 'event', event })
    expect(
      translate('issue:updated', { actor, repository, issue, changes: { title: { old: 'a', new: 'b' } } }),
    ).toEqual({
      kind: 'event',
      event: { ...event, state: null, commentId: null, hasWords: true },
    })
    const said = translate('issue:updated', { actor, repository, issue, comment: { id: 17, content: { raw: 'Why?' } } })
    expect(said).toMatchObject({ event: { commentId: '17', hasWords: true } })
    expect(translate('issue:updated', { actor, repository, issue, comment: { id: 17 } })).toMatchObject({
      event: { hasWords: true },
    })
    const changes = { attachment: { old: '', new: 'shot.png' } }
    expect(translate('issue:updated', { actor, repository, issue, comment: beside, changes })).toMatchObject({
      event: { commentId: '17', hasWords: true },
    })
  })

  it('issue:comment_created says which issue', () => {
    expect(translate('issue:comment_created', { actor, repository, issue, comment: { id: 18 } })).toMatchObject({
      kind: 'event',
      event: { kind: 'comment', item: { kind: 'issue', id: 3 }, commentId: '18' },
    })
  })

  it.each([
    ['pullrequest:created', 'created'],
    ['pullrequest:updated', 'updated'],
    ['pullrequest:push', 'pushed'],
    ['pullrequest:approved', 'reviewed'],
    ['pullrequest:changes_request_created', 'reviewed'],
    ['pullrequest:fulfilled', 'merged'],
    ['pullrequest:rejected', 'declined'],
  ])('%s says a pull request was %s', (eventKey, change) => {
    expect(translate(eventKey, { actor, repository, pullrequest })).toEqual({
      kind: 'event',
      event: { ...about, kind: 'pull_request', change, pullRequestId: 14 },
    })
  })

  it('repo:push names branches, not tags', () => {
    const branch = (name: string) => ({ type: 'branch', name, target: { type: 'commit', hash } })
    const push = {
      changes: [
        { old: null, new: branch('fix/tide'), created: true },
        { old: branch('main'), new: branch('main') },
        { old: branch('gone'), new: null, closed: true },
        { old: null, new: { type: 'tag', name: '1.2', target: { hash } } },
      ],
    }
    expect(translate('repo:push', { actor, repository, push })).toEqual({
      kind: 'event',
      event: {
        ...about,
        kind: 'push',
        branches: [
          { name: 'fix/tide', oldHash: null, newHash: hash },
          { name: 'main', oldHash: hash, newHash: hash },
          { name: 'gone', oldHash: hash, newHash: null },
        ],
      },
    })
    expect(translate('repo:push', { actor, repository, push: { changes: [] } })).toMatchObject({
      event: { branches: [] },
    })
  })

  it('of a deleted account has no actor', () => {
    expect(translate('pullrequest:updated', { actor: null, repository, pullrequest })).toMatchObject({
      event: { actor: null },
    })
    expect(translate('pullrequest:updated', { repository, pullrequest })).toMatchObject({ event: { actor: null } })
    expect(translate('pullrequest:updated', { actor: { type: 'app_user' }, repository, pullrequest })).toMatchObject({
      event: { actor: null },
    })
  })

  it('of another kind is ignored, and one that lacks its parts is malformed', () => {
    expect(translate('repo:commit_status_created', { repository })).toMatchObject({ kind: 'ignored' })
    expect(translate('constructor', {})).toMatchObject({ kind: 'ignored' })
    const broken = translate('pullrequest:comment_created', { actor, repository, comment })
    expect(broken).toMatchObject({ kind: 'malformed' })
    expect(broken.kind === 'malformed' && broken.reason).toContain('pullrequest')
  })

  it('never throws, whatever the payload is', () => {
    const keys = fc.constantFrom(
      'pullrequest:comment_created',
      'issue:updated',
      'repo:push',
      'repo:commit_comment_created',
      'repo:updated',
    )
    fc.assert(
      fc.property(keys, fc.jsonValue(), (key, payload) => {
        expect(['event', 'malformed']).toContain(translate(key, payload).kind)
      }),
      { numRuns: 300 },
    )
  })

  const keyOf: Record<string, string> = {
    'goscm-pipeline_hook_created.json': 'repo:commit_status_created',
    'goscm-pipeline_hook_update.json': 'repo:commit_status_updated',
    'goscm-pr_comment_created.json': 'pullrequest:comment_created',
    'goscm-pr_comment_deleted.json': 'pullrequest:comment_deleted',
    'jenkins-pullrequest_created.json': 'pullrequest:created',
    'jenkins-pullrequest_rejected.json': 'pullrequest:rejected',
    'jenkins-pullrequest_updated.json': 'pullrequest:updated',
    'playground-commit-comment-created.json': 'repo:commit_comment_created',
    'playground-issue-comment-created.json': 'issue:comment_created',
    'playground-issue-created.json': 'issue:created',
    'playground-issue-updated.json': 'issue:updated',
    'playground-repo-fork.json': 'repo:fork',
    'playground-repo-updated.json': 'repo:updated',
    'screwdriver-issue.create.json': 'issue:created',
    'screwdriver-repo.fork.json': 'repo:fork',
  }

  it.runIf(hasReal)('that was recorded is understood', () => {
    const files = readdirSync(real).filter((name) => name.endsWith('.json'))
    expect(files.length).toBeGreaterThan(20)
    for (const name of files) {
      const payload: unknown = JSON.parse(readFileSync(real + name, 'utf8'))
      const said = translate(keyOf[name] ?? 'repo:push', payload)
      expect(said, name).toMatchObject({ kind: name.startsWith('goscm-pipeline') ? 'ignored' : 'event' })
    }
  })
})
