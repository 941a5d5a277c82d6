import { expect, test } from 'vitest'
import * as z from 'zod'
import { parseMarker } from '../message-text.ts'
import { defectIdOf } from './defect-id.ts'

const first = { vulnerabilityId: '018f0000-1234-7000-8000-000000000007', tracker: 'jira', nth: 0 }

test('the id of an item is the same each time, and another one for each vulnerability, tracker and turn', () => {
  const others = [
    { ...first, vulnerabilityId: '018f0000-1234-7000-8000-000000000008' },
    { ...first, tracker: 'bitbucket-issues' },
    { ...first, nth: 1 },
  ]
  expect(new Set([first, { ...first }, ...others].map(defectIdOf)).size).toBe(4)
})

test('it is a UUID that begins as the vulnerability does, and markers carry it', () => {
  const id = defectIdOf(first)
  expect(z.uuid().parse(id)).toMatch(/^018f0000-1234-8/)
  expect(parseMarker(`[weir]: #0123456789ab-${id}`)).toEqual({ instance: '0123456789ab', kind: 'defect', id })
})
