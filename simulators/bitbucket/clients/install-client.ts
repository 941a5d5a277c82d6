import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type ClientName, clientVersions } from './client-versions.ts'

const run = promisify(execFile)
/** Kept between runs; goes with node_modules. */
const cache = fileURLToPath(new URL('../../../node_modules/.cache/bitbucket-clients/', import.meta.url))

/** One sentence: what npm says itself is pages long, and its code says as much. */
function npmFailure(error: unknown, packages: readonly string[]): Error {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  const code = /npm error code (\w+)/.exec(said)?.[1] ?? said.trim().split('\n').at(-1) ?? ''
  return new Error(
    `${packages.join(' and ')} could not be fetched from npm's registry (${code}): run these tests once where npm can install packages, they are kept in node_modules/.cache then`,
  )
}

/**
 * The folder in which the published, unmodified packages of a client lie: installed once, outside of this project's
 * dependencies, and put in place whole, so that neither a cut-off install nor another run leaves half of one.
 */
export async function installClient(name: ClientName, into = cache): Promise<string> {
  const packages = clientVersions[name]
  const folder = join(into, packages.join('+').replaceAll('/', '_'))
  if (existsSync(folder)) return folder
  await mkdir(dirname(folder), { recursive: true })
  const half = await mkdtemp(`${folder}.half-`)
  await writeFile(join(half, 'package.json'), '{"private":true}')
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1', '--fetch-retry-mintimeout=500']
  const options = ['--no-save', '--ignore-scripts', '--prefer-offline', ...quiet]
  try {
    await run('npm', ['install', '--prefix', half, ...options, ...packages], { cwd: half })
  } catch (error) {
    await rm(half, { recursive: true, force: true })
    throw npmFailure(error, packages)
  }
  // Another run may have been quicker; both are the same.
  await rename(half, folder).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  })
  return folder
}
