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

function npmFailure(error: unknown, packages: readonly string[]): Error {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
  return new Error(`npm could not install ${packages.join(' ')} (is a package registry within reach?): ${said}`)
}

/**
 * The folder in which the published, unmodified packages of a client lie: installed once, outside of this project's
 * dependencies, and put in place whole, so that neither a cut-off install nor another run leaves half of one.
 */
export async function installClient(name: ClientName): Promise<string> {
  const packages = clientVersions[name]
  const folder = join(cache, packages.join('+').replaceAll('/', '_'))
  if (existsSync(folder)) return folder
  await mkdir(dirname(folder), { recursive: true })
  const half = await mkdtemp(`${folder}.half-`)
  await writeFile(join(half, 'package.json'), '{"private":true}')
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
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
