import { describe, expect, test } from 'vitest'
import { isAppError } from '../lib/app-error.ts'
import { attributeOf, childrenOf, textOf } from './xml-element.ts'
import { sliceXml, type XmlSlice, type XmlSlicerOptions } from './xml-slicer.ts'

async function slice(text: string, more: Partial<XmlSlicerOptions> = {}, chunk = 7): Promise<XmlSlice[]> {
  const bytes = Buffer.from(text)
  async function* source() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
  }
  const wish: XmlSlicerOptions['wish'] = (path) => (path.length === 1 ? 'enter' : path[1] === 'ship' ? 'take' : 'skip')
  const all: XmlSlice[] = []
  for await (const one of sliceXml(source(), { wish, maxSliceLength: 100, maxDepth: 6, ...more })) all.push(one)
  return all
}

async function refusal(text: string): Promise<string> {
  try {
    await slice(text)
  } catch (error) {
    if (isAppError(error)) return `${error.code}: ${error.message}`
    throw error
  }
  return 'read'
}

describe('reading XML', () => {
  test('hands out the elements wished for, whatever the pieces it comes in', async () => {
    const text =
      '<?xml version="1.0"?><!DOCTYPE quay [<!ELEMENT quay (ship*)>]><q:quay xmlns:q="urn:q" name="north"><other><ship/></other>' +
      '<ship n="1">Ä &amp; <b>bold</b> <![CDATA[<raw>]]><b/></ship><q:ship q:n="2"/></q:quay>'
    for (const chunk of [1, 3, 1000]) {
      const [root, first, second, ...rest] = await slice(text, {}, chunk)
      expect(rest).toEqual([])
      expect(root).toMatchObject({ kind: 'entered', path: ['quay'] })
      expect(attributeOf(root?.kind === 'entered' ? root.value : undefined, 'name')).toBe('north')
      expect(first).toMatchObject({ kind: 'value', path: ['quay', 'ship'], value: { text: 'Ä &  <raw>' } })
      const ship = first?.kind === 'value' ? first.value : undefined
      expect([textOf(ship, 'b'), childrenOf(ship, 'b').length, textOf(ship, 'c')]).toEqual(['bold', 2, undefined])
      expect(second?.kind === 'value' && attributeOf(second.value, 'n')).toBe('2')
    }
  })

  test('what was printed before the declaration is passed over', async () => {
    const before = '\n<!--\nof the port\n-->\n<!-- <?xml version="1.0"?> -->\n'
    for (const chunk of [3, 1000]) {
      const [root, ship] = await slice(`${before}<?xml version="1.0"?>\n<quay><ship n="1"/></quay>`, {}, chunk)
      expect([root?.path, ship?.path]).toEqual([['quay'], ['quay', 'ship']])
    }
    expect(await refusal('<quay><?xml version="1.0"?></quay>')).toMatch(/not valid XML/)
  })

  test('keeps nothing of what is too long', async () => {
    const text = `<quay><ship>${'<b>x</b>'.repeat(100)}</ship><ship>y</ship></quay>`
    expect((await slice(text)).map(({ kind }) => kind)).toEqual(['entered', 'oversized', 'value'])
  })

  test('keeps of hollow elements their attributes, however long they are', async () => {
    const text = `<quay><ship><log n="1"><b/>${'x'.repeat(500)}<log/></log><name>y</name></ship><ship><log/>z</ship></quay>`
    const slices = await slice(text, { isHollow: (name) => name === 'log' })
    const [, first, second] = slices.map((one) => (one.kind === 'value' ? one.value : undefined))
    expect(first?.children).toMatchObject([
      { name: 'log', text: '', children: [] },
      { name: 'name', text: 'y' },
    ])
    expect(attributeOf(first?.children[0], 'n')).toBe('1')
    expect(second).toMatchObject({ text: 'z', children: [{ name: 'log' }] })
  })

  test.each([
    ['<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><q>&b;</q>', /report_invalid: .* entities .* line 1/],
    ['<!DOCTYPE q SYSTEM "http://quay.example/q.dtd"><q/>', /report_invalid: .* does not fetch/],
    ['<!DOCTYPE q PUBLIC "-//Q" "q.dtd"><q/>', /report_invalid: .* does not fetch/],
    ['<q>&harbour;</q>', /report_invalid: .* entity/],
    ['<q><a></b></q>', /report_invalid: .* line 1, column \d+, in q/],
    ['<q>\n<a>', /report_truncated: .* line 2 in the middle of q \/ a/],
    ['<q/><q/>', /report_invalid/],
    ['<q>'.repeat(7), /report_invalid: .* nested more than 6 deep/],
    ['{"a": 1}', /report_invalid/],
  ])('refuses %j', async (text, wanted) => expect(await refusal(text)).toMatch(wanted))

  test('refuses what is not UTF-8', async () => {
    async function* source() {
      yield Buffer.from([0x3c, 0x71, 0x3e, 0xff])
    }
    const slices = sliceXml(source(), { wish: () => 'take', maxSliceLength: 9, maxDepth: 9 })
    await expect(slices.next()).rejects.toMatchObject({ code: 'report_wrong_encoding' })
  })
})
