import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { translateJira } from './translate.ts'

const user = { accountId: '712020:5f0c', displayName: 'Mira Lund', active: true }
const actor = { uuid: '712020:5f0c', displayName: 'Mira Lund' }
const issue = { id: '10011', key: 'TIDE-4', fields: { status: { name: 'Done', statusCategory: { key: 'done' } } } }
const comment = {
  id: '10020',
  author: { ...user, displayName: 'Older Name' },
  updateAuthor: user,
  body: 'Is this reachable?',
}
const moved = [{ field: 'status', fieldtype: 'jira', from: '10000', to: '10002' }]

describe('a webhook of Jira', () => {
  test.each([
    ['comment_created', 'created'],
    ['comment_updated', 'updated'],
    ['comment_deleted', 'deleted'],
  ])('%s says a comment was %s', (eventKey, change) => {
    expect(translateJira(eventKey, { comment, issue, eventType: 'primaryAction', timestamp: 1 })).toEqual({
      kind: 'event',
      event: { kind: 'comment', change, issueId: '10011', commentId: '10020', actor, toldOf: null },
    })
  })

  test('a comment tells of when its text is, where that can be read', () => {
    const toldOf = (updated: unknown) =>
      translateJira('comment_updated', { comment: { ...comment, updated }, issue, eventType: 'primaryAction' })
    expect(toldOf('2026-03-02T08:00:00.123+0200')).toMatchObject({
      event: { toldOf: new Date('2026-03-02T06:00:00.123Z') },
    })
    expect(toldOf('soon')).toMatchObject({ kind: 'event', event: { toldOf: null } })
  })

  test('a change of status is an event; a change of what Weir does not keep is none', () => {
    const changed = (items: unknown) =>
      translateJira('jira:issue_updated', { user, issue, issue_event_type_name: 'issue_generic', changelog: { items } })
    const event = { kind: 'issue', change: 'updated', issueId: '10011', actor, status: null }
    expect(changed(moved)).toEqual({ kind: 'event', event: { ...event, status: 'Done' } })
    expect(changed([{ field: 'summary' }, ...moved])).toMatchObject({ event: { status: 'Done' } })
    // It went elsewhere besides, which has to be looked at.
    expect(changed([{ field: 'project' }, ...moved])).toEqual({ kind: 'event', event })
    expect(changed([{ field: 'summary' }])).toEqual({ kind: 'ignored', reason: 'Weir keeps nothing of summary.' })
    // Without a changelog, or with one that is not understood, it is looked at.
    expect(translateJira('jira:issue_updated', { user, issue })).toEqual({ kind: 'event', event })
    expect(changed('?')).toEqual({ kind: 'event', event })
  })

  test.each(['issue_commented', 'issue_comment_edited', 'issue_comment_deleted'])(
    '%s is told by the comment',
    (name) => {
      const payload = { user, issue, comment, issue_event_type_name: name }
      expect(translateJira('jira:issue_updated', payload)).toMatchObject({ kind: 'ignored' })
    },
  )

  test('a deleted issue is an event, and its comments, which go with it, were not taken back', () => {
    expect(translateJira('jira:issue_deleted', { user, issue })).toMatchObject({
      event: { kind: 'issue', change: 'deleted', issueId: '10011' },
    })
    expect(translateJira('comment_deleted', { comment, issue, eventType: 'secondaryAction' })).toMatchObject({
      kind: 'ignored',
    })
  })

  test('closed accounts are nobody, and ids may be numbers', () => {
    expect(translateJira('comment_created', { comment: { id: 10020, author: null }, issue: { id: 10011 } })).toEqual({
      kind: 'event',
      event: { kind: 'comment', change: 'created', issueId: '10011', commentId: '10020', actor: null, toldOf: null },
    })
    expect(translateJira('jira:issue_deleted', { issue, user: { displayName: 'x' } })).toMatchObject({
      event: { actor: null },
    })
  })

  test('of another kind is ignored, and one that lacks its parts is malformed', () => {
    expect(translateJira('jira:issue_created', { issue })).toMatchObject({ kind: 'ignored' })
    expect(translateJira('constructor', {})).toMatchObject({ kind: 'ignored' })
    const broken = translateJira('comment_created', { comment })
    expect(broken).toMatchObject({ kind: 'malformed' })
    expect(broken.kind === 'malformed' && broken.reason).toContain('issue')
  })

  test('never throws, whatever the payload is', () => {
    const keys = fc.constantFrom('jira:issue_updated', 'jira:issue_deleted', 'comment_created', 'comment_deleted')
    fc.assert(
      fc.property(keys, fc.jsonValue(), (key, payload) => {
        expect(['event', 'ignored', 'malformed']).toContain(translateJira(key, payload).kind)
      }),
      { numRuns: 300 },
    )
  })
})
