import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { runGit } from '../git/run-git.ts'
import type { BuiltHistory } from './build-history.ts'

interface Imported {
  folders: string[]
  /** What is in each file of the repository, by its path. */
  files: Map<string, Buffer>
  /** The hash of each mark. */
  hashes: Map<number, string>
}

/** By the stream they are made of: the same seed is planted by every simulator of a process, and git takes its time. */
const known = new Map<string, Promise<Imported>>()

/** Writes a bare repository and answers the hash of each mark. */
export async function importHistory(directory: string, { stream }: BuiltHistory): Promise<Map<number, string>> {
  const before = known.get(stream)
  if (before === undefined) {
    const first = importByGit(directory, stream)
    known.set(stream, first)
    first.catch(() => known.delete(stream))
    return (await first).hashes
  }
  const { folders, files, hashes } = await before
  mkdirSync(directory, { recursive: true })
  for (const folder of folders) mkdirSync(join(directory, folder), { recursive: true })
  // Synchronous: quicker than many small promises.
  for (const [path, content] of files) writeFileSync(join(directory, path), content)
  return hashes
}

async function importByGit(directory: string, stream: string): Promise<Imported> {
  await mkdir(directory, { recursive: true })
  await runGit(directory, ['init', '--quiet', '--bare', '--initial-branch=main', '--template='])
  const marks = join(directory, 'marks')
  // One pack in place of a file for each object.
  const options = ['-c', 'fastimport.unpackLimit=1']
  await runGit(directory, [...options, 'fast-import', '--quiet', `--export-marks=${marks}`], { stdin: stream })
  const lines = (await readFile(marks, 'utf8')).trim().split('\n')
  rmSync(marks)
  return {
    ...readFolder(directory),
    hashes: new Map(
      lines.map((line) => {
        const [mark = '', hash = ''] = line.split(' ')
        return [Number(mark.slice(1)), hash] as const
      }),
    ),
  }
}

function readFolder(directory: string): Pick<Imported, 'folders' | 'files'> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).map((entry) => ({
    path: relative(directory, join(entry.parentPath, entry.name)),
    isFolder: entry.isDirectory(),
  }))
  return {
    folders: entries.filter((one) => one.isFolder).map((one) => one.path),
    files: new Map(
      entries.filter((one) => !one.isFolder).map(({ path }) => [path, readFileSync(join(directory, path))] as const),
    ),
  }
}
