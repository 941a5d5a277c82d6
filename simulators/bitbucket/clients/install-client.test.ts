import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { allowInstalling } from './allow-installing.ts'
import { installClient } from './install-client.ts'

allowInstalling()

test('without a registry it says in one sentence what is missing and what to do, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bitbucket-no-registry-'))
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1/')
  vi.stubEnv('npm_config_cache', join(folder, 'npm'))
  try {
    await expect(installClient('passport', join(folder, 'clients'))).rejects.toThrow(
      /^passport-bitbucket-oauth20@1\.1\.0 and passport@0\.7\.0 could not be fetched from npm's registry \(ECONNREFUSED\): run these tests once where npm can install packages, they are kept in node_modules\/\.cache then$/,
    )
    expect(await readdir(join(folder, 'clients'))).toEqual([])
  } finally {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  }
})
