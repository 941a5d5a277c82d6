import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

type Program = {
  /** What it may be called. */
  names: readonly string[]
  debianPackage: string
  /** Why it is needed, as the beginning of a sentence. */
  reason: string
  /** What a person can do who cannot have it installed. */
  otherwise: string
}

export const chromium: Program = {
  // The same engine without the windows around it takes a third of the time; any other does.
  names: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  debianPackage: 'chromium-headless-shell',
  reason: 'The browser tests need Chromium',
  otherwise: 'or name one by CHROMIUM_PATH',
}

export const git: Program = {
  names: ['git'],
  debianPackage: 'git',
  reason: 'The simulated Bitbucket keeps real repositories and needs git',
  otherwise: 'and start again',
}

/** Path of a program the machine has, or gets: on Debian and its relatives, where it may be installed without asking. */
export function ensureProgram(program: Program): string {
  const found = findProgram(program.names)
  if (found !== undefined) return found
  console.log(`${program.reason}; installing the Debian package ${program.debianPackage} …`)
  if (!installPackage(program.debianPackage)) throw new Error(describeMissing(program))
  const installed = findProgram(program.names)
  if (installed === undefined) throw new Error(describeMissing(program))
  return installed
}

export function findProgram(names: readonly string[], path = process.env['PATH'] ?? ''): string | undefined {
  return path
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable)
}

function describeMissing({ reason, debianPackage, otherwise }: Program): string {
  return `${reason}, and it could not be installed here. Install the package ${debianPackage} of your system ${otherwise}.`
}

function installPackage(name: string): boolean {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive']
  const run = (args: readonly string[]): boolean => {
    const [command = '', ...rest] = [...asRoot, ...args]
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    return spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
  }
  return run(['apt-get', 'update', '-q']) && run(['apt-get', 'install', '-y', '-q', '--no-install-recommends', name])
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
