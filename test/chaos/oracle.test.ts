import { expect, test } from 'vitest'
import { createChance } from './chance.ts'
import { judgeFiles } from './judge-files.ts'
import {
  isCertain,
  judgeConversation,
  newConversation,
  noteAdrift,
  noteDeletion,
  noteEdit,
  noteSaid,
  type Said,
  textOf,
} from './oracle.ts'

const done = { kind: 'done', value: { id: '1', version: 1 } } as const
const unknown = { kind: 'unknown' } as const

function say(mark: number, answer: typeof done | typeof unknown = done, isInternal = false): Said {
  const conversation = newConversation()
  noteSaid(conversation, { mark, by: 'champion', isInternal, text: textOf(mark, 0) }, answer)
  const [said] = conversation.said
  if (said === undefined) throw new Error('Nothing was noted.')
  return said
}

const judge = (said: Said[], here: string[], there: string[]) =>
  judgeConversation({ said, hasLostItem: false }, { here, there }).map(({ kind }) => kind)

test('what stands on both sides once, whatever is around it, is right', () => {
  expect(judge([say(1)], ['Text 1.0'], ['Text 1.0\n\n*Ada Admin via Weir*\n'])).toEqual([])
})

test('what was acknowledged and is missing on a side is lost', () => {
  expect(judge([say(1)], ['Text 1.0'], [])).toEqual(['lost'])
  expect(judge([say(1)], [], ['Text 1.0'])).toEqual(['lost'])
})

test('what stands twice on a side is a duplicate', () => {
  expect(judge([say(1)], ['Text 1.0'], ['Text 1.0', 'Text 1.0'])).toEqual(['duplicate'])
  expect(judge([say(1)], ['Text 1.0', 'Text 1.0'], ['Text 1.0'])).toEqual(['duplicate'])
})

test('an edit that reached one side only, a deletion that reached none, and an unheard-of text diverge', () => {
  const edited = say(1)
  noteEdit(edited, textOf(1, 1), done)
  expect(judge([edited], ['Text 1.1'], ['Text 1.0'])).toEqual(['diverged'])
  const deleted = say(2)
  noteDeletion(deleted, done)
  expect(judge([deleted], ['Text 2.0'], ['Text 2.0'])).toEqual(['diverged'])
  expect(judge([], [], ['Text 3.0'])).toEqual(['diverged'])
})

test('an internal note may stand in Weir alone', () => {
  const note = say(1, done, true)
  expect(judge([note], ['Text 1.0'], [])).toEqual([])
  expect(judge([note], ['Text 1.0'], ['Text 1.0'])).toEqual(['diverged'])
})

test('what nobody answered for may have happened or not, but on both sides alike', () => {
  const maybe = say(1, unknown)
  expect(isCertain(maybe)).toBe(false)
  expect(judge([maybe], [], [])).toEqual([])
  expect(judge([maybe], ['Text 1.0'], ['Text 1.0'])).toEqual([])
  expect(judge([maybe], ['Text 1.0'], [])).toEqual(['diverged'])
  const edited = say(2)
  noteEdit(edited, textOf(2, 1), unknown)
  expect(judge([edited], ['Text 2.1'], ['Text 2.1'])).toEqual([])
  expect(judge([edited], ['Text 2.1'], ['Text 2.0'])).toEqual(['diverged'])
})

test("Weir's own words have to be the same on both sides, whatever signs a tracker puts around them", () => {
  expect(judge([], ['Fixed: no longer found.'], ['**Fixed**: no longer found.\n\n[weir]: #x'])).toEqual([])
  expect(judge([], ['Fixed.'], ['Fixed.', 'Fixed.'])).toEqual(['duplicate'])
  expect(judge([], ['Fixed.'], [])).toEqual(['lost'])
})

const adrift = (...said: Said[]) => {
  const conversation = { ...newConversation(), said, files: [{ name: 'file-1.txt', goesWith: said[0] }] }
  noteAdrift(conversation)
  return (here: string[], there: string[]) => judgeConversation(conversation, { here, there }).map(({ kind }) => kind)
}

test('what a champion said stands in Weir when somebody has deleted the item, wherever else it stands', () => {
  const judgeAdrift = adrift(say(1))
  expect(judgeAdrift(['Text 1.0'], [])).toEqual([])
  expect(judgeAdrift(['Text 1.0'], ['Text 1.0'])).toEqual([])
  expect(judgeAdrift([], [])).toEqual(['lost'])
  expect(judgeAdrift(['Text 1.1'], [])).toEqual(['diverged'])
  expect(judgeAdrift(['Text 1.0', 'Text 1.0'], [])).toEqual(['duplicate'])
})

test('of an item that is gone Weir keeps its own words, and a new one has none that Weir does not know', () => {
  const judgeAdrift = adrift()
  expect(judgeAdrift(['Fixed.'], [])).toEqual([])
  expect(judgeAdrift(['Fixed.'], ['Fixed.', 'Fixed.'])).toEqual(['duplicate'])
})

test('a file stands on both sides once, under the name it has there; where items have none, in Weir', () => {
  const sent = { name: 'file-1.txt', goesWith: say(1) }
  const theirs = { name: 'file-2.txt', goesWith: undefined }
  const kinds = (here: string[], there: string[] | null) =>
    judgeFiles([sent, theirs], { here, there }).map(({ kind }) => kind)
  const both = ['file-1.txt', 'file-2.txt']
  expect(kinds(both, ['file-1-0a1b2c3d.txt', 'file-2.txt'])).toEqual([])
  expect(kinds(both, null)).toEqual([])
  expect(kinds(both, ['file-1-0a1b2c3d.txt', 'file-1-0a1b2c3d.txt', 'file-2.txt'])).toEqual(['duplicate'])
  expect(kinds(['file-1.txt'], ['file-1-0a1b2c3d.txt', 'file-2.txt'])).toEqual(['lost'])
  expect(kinds([...both, 'other.txt'], ['file-1-0a1b2c3d.txt', 'file-2.txt'])).toEqual(['diverged'])
  noteDeletion(sent.goesWith, done)
  expect(kinds(['file-2.txt'], ['file-1-0a1b2c3d.txt', 'file-2.txt'])).toEqual(['diverged'])
})

test('a seed repeats itself, and its streams are different ones', () => {
  const draw = (seed: number, stream?: number) => Array.from({ length: 20 }, createChance(seed, stream).next)
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7, 1)).not.toEqual(draw(7, 2))
  expect(draw(7)).not.toEqual(draw(8))
})
