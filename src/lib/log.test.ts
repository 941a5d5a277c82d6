import { describe, expect, it } from 'vitest'
import { createLog, redactFields, redactText } from './log.ts'

function capture() {
  const lines: string[] = []
  return { lines, log: createLog({ level: 'trace', destination: { write: (line) => lines.push(line) } }) }
}

describe('log', () => {
  it('writes one JSON line with level and time', () => {
    const { lines, log } = capture()
    log.info({ asset: 'shop' }, 'imported')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', asset: 'shop', msg: 'imported' })
  })

  it('masks secret fields at every depth, in lists and in child loggers', () => {
    const { lines, log } = capture()
    const secret = { password: 'canary-1', deep: [{ x: { refresh_token: 'canary-2', sealed_credential: 'canary-3' } }] }
    log
      .child({ apiToken: 'canary-4' })
      .warn({ ...secret, headers: { Authorization: 'canary-5', 'set-cookie': ['canary-6'] } })
    expect(lines.join('')).not.toContain('canary')
    expect(lines.join('')).toContain('[redacted]')
  })

  it('masks credentials inside messages, errors and causes', () => {
    const { lines, log } = capture()
    const cause = new Error('GET https://sam:canaryword@host/x?access_token=canary123 failed')
    log.error(
      { err: new Error('sent Bearer canary-abcdefgh', { cause }) },
      'with ATATTcanary12345 and weir_canary12345',
    )
    expect(lines.join('')).not.toContain('canary')
  })

  it('leaves out the client that pg hangs on an error, and keeps the rest of it', () => {
    const { lines, log } = capture()
    const client = { host: 'db.example.com', queue: Array.from({ length: 500 }, () => 'x'.repeat(20)) }
    log.error({ err: Object.assign(new Error('terminated'), { code: '57P01', client }) }, 'the queue failed')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { message: 'terminated', code: '57P01' } })
    expect(lines[0]).not.toContain('db.example.com')
    expect(lines[0]?.length).toBeLessThan(3000)
  })

  it('leaves ids, counts and ordinary words alone', () => {
    expect(redactFields({ token_id: 't1', tokenCount: 3, secret_found: true, title: 'Hard-coded password' })).toEqual({
      token_id: 't1',
      tokenCount: 3,
      secret_found: true,
      title: 'Hard-coded password',
    })
    expect(redactText('GET https://host/path?page=2&pagelen=50')).toBe('GET https://host/path?page=2&pagelen=50')
  })

  it('survives circular and very deep objects', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    const { lines, log } = capture()
    log.info(circle, 'round')
    expect(lines[0]).toContain('round')
  })

  it.each([
    ['Bearer abcdefgh', 'abcdefgh'],
    ['Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['ATATTabcdefgh', 'abcdefgh'],
    ['ATCTTabcdefgh', 'abcdefgh'],
    ['ATBBabcdefgh', 'abcdefgh'],
    ['weir_abcdefgh', 'abcdefgh'],
    ['v1.01234567.abcdefghijklmnop.qrstuvwxyzabcdef', 'qrst'],
    ['eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl', 'c2lnb'],
    ['session-eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl', 'c2lnb'],
    ['session_eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl', 'c2lnb'],
    ['api.example.com.eyJhbGciOiJI.eyJzdWIiOiIx.', 'zdWIi'],
    ['https://sam:abcdefgh@example.com', 'abcdefgh'],
    ['https://example.com/?code=abcdefgh', 'abcdefgh'],
  ])('masks %s wherever it stands', (secret, hidden) => {
    for (const text of [secret, `(${secret})`, `-${secret}`, `sent ${secret} on`])
      expect(redactText(text)).not.toContain(hidden)
  })

  it.each([
    '-eyJ',
    '-eyJabcdefgh',
    'eyJabcdefgh.',
    'eyJ_',
    'Bearer ',
    'Bearer' + ' '.repeat(500),
    '-ATATT',
    '-ATCTT',
    '-ATBB',
    '-weir_',
    'v1.01234567.',
    'v1.01234567.abcdefghijklmnop.',
    '://a:',
    '://',
    '?code',
    '&jwt=',
    ' ',
    'a',
  ])('reads 256 kB of %j without stopping the process', (piece) => {
    const text = piece.repeat(Math.ceil(262_144 / piece.length))
    for (const before of ['', 'eyJ', '://a:', 'Bearer ']) {
      const start = performance.now()
      redactText(before + text)
      expect(performance.now() - start).toBeLessThan(1500)
    }
  })
})
