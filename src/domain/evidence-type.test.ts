import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginsLike, cleanFileName, evidenceTypeOf, isSafeImage } from './evidence-type.ts'

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

describe('a file of evidence', () => {
  it.each([
    ['shot.PNG', 'image/png'],
    ['proof.jpeg', 'image/jpeg'],
    ['page.html', 'text/html'],
    ['session.har', 'application/json'],
    ['drawing.svg', undefined],
    ['tool.exe', undefined],
    ['png', undefined],
    ['shot.png.exe', undefined],
  ])('%s is of type %s', (name, type) => {
    expect(evidenceTypeOf(name)).toBe(type)
  })

  it.each([
    ['image/png', '\x89PNG\r\n\x1a\n\0\0', true],
    ['image/png', '<svg onload=alert(1)>', false],
    ['image/png', '', false],
    ['image/jpeg', '\xff\xd8\xff\xe0', true],
    ['image/gif', 'GIF89a\x01', true],
    ['image/gif', 'GIF89', false],
    ['image/webp', 'RIFF\x10\0\0\0WEBPVP8 ', true],
    ['image/webp', 'RIFF\x10\0\0\0WAVEfmt ', false],
    ['application/pdf', '%PDF-1.7', true],
    ['application/pdf', '<html>', false],
    ['application/zip', 'PK\x03\x04', true],
    ['text/plain', 'anything', true],
  ] as const)('that claims %s and begins %j is believed: %s', (type, head, believed) => {
    expect(beginsLike(type, bytes(head))).toBe(believed)
  })

  it('is drawn only when it is an image without scripts', () => {
    expect(['image/png', 'image/svg+xml', 'text/html', 'application/pdf'].map(isSafeImage)).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  it.each([
    ['../../etc/passwd.txt', 'passwd.txt'],
    ['C:\\shots\\one.png', 'one.png'],
    ['a"\r\nx: y.png', 'ax: y.png'],
    ['\u202egnp.exe', 'gnp.exe'],
  ])('named %j is kept as %j', (name, kept) => {
    expect(cleanFileName(name)).toBe(kept)
  })

  it('keeps its ending and a bounded name, whatever it is called', () => {
    const shape = /^[^\r\n"\\/]{0,116}\.png$/u
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (stem) => {
        expect(cleanFileName(`${stem}.png`)).toMatch(shape)
      }),
      { numRuns: 50 },
    )
  })
})
