import { createHash } from 'node:crypto'

/** As ssh shows them: MD5 in pairs, SHA-256 in base64 without padding. */
export function fingerprints(key: string): { md5: string; sha256: string } {
  const bytes = Buffer.from(key, 'base64')
  const md5 = createHash('md5').update(bytes).digest('hex')
  return {
    md5: md5.match(/../g)?.join(':') ?? '',
    sha256: `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`,
  }
}
