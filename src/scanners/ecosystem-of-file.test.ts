import { expect, test } from 'vitest'
import { ecosystemOfFile } from './ecosystem-of-file.ts'

test.each([
  ['web/package-lock.json', 'npm'],
  ['requirements-dev.txt', 'pypi'],
  ['Gemfile.lock', 'gem'],
  ['src/Port/Port.csproj', 'nuget'],
  ['Dockerfile', undefined],
])('%s names packages of %s', (path, ecosystem) => {
  expect(ecosystemOfFile(path)).toBe(ecosystem)
})
