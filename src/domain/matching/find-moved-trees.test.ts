import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findingKeys } from '../finding-identity.ts'
import { findMovedTrees } from './find-moved-trees.ts'
import type { Identity } from './identities.ts'

/** A finding without any code: its rule alone says what it is. */
function at(path: string, ruleId = 'weak-rope'): Identity {
  const nothing = { aliases: [], fingerprint: null, snippet: null, package: null, endpoint: null, resource: null }
  const fields = { ...nothing, kind: 'code' as const, scanner: 'Lantern', ruleId, path, message: '', secret: null }
  return { ...findingKeys({ ...fields, isSecret: false }, ''), kind: 'code', scanner: 'Lantern', ruleId, path, line: 1 }
}

const files = ['pier/index.js', 'crane/index.js', 'crane/rope.js', 'index.js', 'light/tower.js']
const below = (folder: string): Identity[] => files.map((file) => at(folder + file))
const sorted = (pairs: { from: string; to: string }[]): string[] =>
  pairs.map(({ from, to }) => `${from} ${to}`).toSorted()

test('a tree that was checked out elsewhere is the same tree, whatever stands in front of it', () => {
  const folder = fc
    .array(fc.constantFrom('C:', 'agent', 'home', 'crane', 'pier', 'x'), { maxLength: 4 })
    .map((steps) => steps.map((step) => `${step}/`).join(''))
  fc.assert(
    fc.property(folder, folder, (from, to) => {
      const [gone, came] = [below(from), below(to)]
      const inBoth = gone.filter(({ path }) => came.some((other) => other.path === path))
      fc.pre(inBoth.length === 0)
      const pairs = findMovedTrees(gone, came, true)
      expect(sorted(pairs)).toEqual(files.map((file) => `${from}${file} ${to}${file}`).toSorted())
    }),
  )
})

test('one file is enough to tell where nothing stayed', () => {
  const [gone, came] = [[at('crane.js')], [at('agent/crane.js')]]
  expect(findMovedTrees(gone, came, true)).toEqual([{ from: 'crane.js', to: 'agent/crane.js' }])
  expect(findMovedTrees(gone, came, false)).toEqual([])
})

test('a file of the same name tells little of trees that have nothing else in common', () => {
  const [gone, came] = [
    [at('crane.js'), at('berth.js')],
    [at('app/crane.js'), at('app/tide.js')],
  ]
  expect(findMovedTrees(gone, came, true)).toEqual([])
})

test('a folder with other problems in files of the same names is another folder', () => {
  const came = files.map((file) => at(`new/${file}`, 'open-door'))
  expect(findMovedTrees(below(''), came, true)).toEqual([])
})

test('a copy next to the original makes nobody guess', () => {
  expect(findMovedTrees(below('old/'), [...below('one/'), ...below('two/')], true)).toEqual([])
})
