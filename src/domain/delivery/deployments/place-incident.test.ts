import { expect, it } from 'vitest'
import { placeIncident } from './place-incident.ts'

const repositories = [
  { id: 'till', path: 'meadow-goods/till' },
  { id: 'ledger', path: 'meadow-goods/ledger' },
  { id: 'other-ledger', path: 'meadow-labs/ledger' },
]
const nothing = { field: [], labels: [], components: [] }

it.each([
  ['nothing', nothing, undefined],
  ['a field with its slug', { ...nothing, field: ['Till'] }, 'till'],
  ['a label', { ...nothing, labels: ['urgent', 'repo:till'] }, 'till'],
  ['a label of the longer word', { ...nothing, labels: ['repository=meadow-labs/ledger'] }, 'other-ledger'],
  ['a label that is only called like it', { ...nothing, labels: ['till'] }, undefined],
  ['a component', { ...nothing, components: ['till'] }, 'till'],
  [
    'the field before the label, and the label before the component',
    { field: ['meadow-goods/ledger'], labels: ['repo:till'], components: ['till'] },
    'ledger',
  ],
  ['the next one where a name is none’s', { ...nothing, field: ['unheard-of'], components: ['till'] }, 'till'],
  ['nobody, where two workspaces have that slug', { ...nothing, labels: ['repo:ledger'] }, undefined],
  ['nobody, by an empty text or half a name', { ...nothing, field: ['', 'il'] }, undefined],
])('an incident belongs to what is named by %s', (_what, places, expected) => {
  expect(placeIncident(places, repositories)).toBe(expected)
})
