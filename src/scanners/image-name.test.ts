import { expect, test } from 'vitest'
import { imageWithoutTag } from './image-name.ts'

test.each([
  ['pilot:1.4', 'pilot'],
  ['registry.example:5000/harbour/pilot', 'registry.example:5000/harbour/pilot'],
  ['registry.example:5000/harbour/pilot:1.4@sha256:c0ffee', 'registry.example:5000/harbour/pilot'],
  ['sha256:c0ffee', ''],
  ['pilot.tar', 'pilot.tar'],
])('%s is %s', (image, name) => {
  expect(imageWithoutTag(image)).toBe(name)
})
