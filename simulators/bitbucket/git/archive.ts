import { spawn } from 'node:child_process'
import { PassThrough, type Readable } from 'node:stream'
import { gitEnvironment } from './run-git.ts'
import { ensureUnpacked } from './unpack-on-demand.ts'

export const archiveTypes = {
  zip: 'application/zip',
  'tar.gz': 'application/x-gzip',
  'tar.bz2': 'application/x-bzip2',
} as const
export type ArchiveFormat = keyof typeof archiveTypes

interface Archive {
  commit: string
  format: ArchiveFormat
  /** The folder that everything in it lies in. */
  folder: string
}

/** The files of a commit, packed while they are read; git stops when nobody reads on. Fails where git does. */
export async function openArchive(directory: string, { commit, format, folder }: Archive): Promise<Readable> {
  await ensureUnpacked(directory)
  const options = ['-c', 'tar.tar.bz2.command=bzip2 -c']
  const args = [...options, 'archive', `--format=${format}`, `--prefix=${folder}/`, commit]
  const child = spawn('git', args, { cwd: directory, env: gitEnvironment, stdio: ['ignore', 'pipe', 'pipe'] })
  const packed = new PassThrough()
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  child.on('error', (error) => packed.destroy(error))
  child.on('close', (code) => {
    if (code === 0) packed.end()
    else packed.destroy(new Error(`git archive failed (${code}): ${Buffer.concat(said).toString('utf8').trim()}`))
  })
  packed.on('close', () => child.kill())
  // Not ended with git's output: half an archive must not look like a whole one.
  child.stdout.pipe(packed, { end: false })
  return packed
}
