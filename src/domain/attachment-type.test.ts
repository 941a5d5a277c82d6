import { describe, expect, it } from 'vitest'
import { remoteFileName } from './attachment-name.ts'
import { attachmentTypeOf } from './attachment-type.ts'

describe('the content of a file', () => {
  it.each([
    ['89504e470d0a1a0a00', 'image/png'],
    ['ffd8ffe000104a46', 'image/jpeg'],
    ['4749463839610100', 'image/gif'],
    ['52494646240000005745425056503820', 'image/webp'],
    ['255044462d312e37', 'application/pdf'],
    ['504b030414000600', 'application/zip'],
    ['1f8b0800', 'application/gzip'],
    ['0000001866747970', 'video/mp4'],
    ['1a45dfa39f4286810142f781', 'video/webm'],
    ['4d5a900003000000', 'application/x-executable'],
    ['7f454c4602010100', 'application/x-executable'],
    ['cffaedfe07000001', 'application/x-executable'],
    ['00010203', 'application/octet-stream'],
    ['fffe410042', 'text/plain'],
  ])('%s is %s', (hex, type) => {
    expect(attachmentTypeOf(Buffer.from(hex, 'hex'))).toBe(type)
  })

  it('is text where it reads as text, whatever it begins with', () => {
    for (const text of ['', 'MZ is a name', '<svg onload="x"/>', '<!doctype html>', 'naïve ☕', 'a,b\n1,2'])
      expect(attachmentTypeOf(Buffer.from(text))).toBe('text/plain')
  })

  it('is text also where the head ends in the middle of a letter', () => {
    expect(attachmentTypeOf(Buffer.from('é'.repeat(4000)).subarray(0, 4095))).toBe('application/octet-stream')
    expect(attachmentTypeOf(Buffer.from(`x${'é'.repeat(4000)}`).subarray(0, 4096))).toBe('text/plain')
  })
})

describe('the name of a file at a remote', () => {
  const id = '019aa0c4-1111-7222-8333-44445f6a7b8c'

  it.each([
    ['trace.txt', 'trace-5f6a7b8c.txt'],
    ['My shot (1).PNG', 'My_shot_1-5f6a7b8c.PNG'],
    ['.htaccess', 'file-5f6a7b8c.htaccess'],
    ['noending', 'noending-5f6a7b8c'],
    ['../../x', 'x-5f6a7b8c'],
    ['@team #12 [x](y)', 'team_12_x_y-5f6a7b8c'],
    ['Ω-ноты.tar.gz', 'Ω-ноты.tar-5f6a7b8c.gz'],
  ])('of %j is %j', (name, expected) => {
    expect(remoteFileName({ id, name })).toBe(expected)
  })

  it('is never longer than a remote takes', () => {
    expect(remoteFileName({ id, name: `${'long'.repeat(100)}.txt` }).length).toBeLessThan(120)
  })
})
