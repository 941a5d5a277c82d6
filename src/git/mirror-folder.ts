import { readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../lib/app-error.ts'
import { type FileLock, tryFileLock } from '../lib/file-lock.ts'

/** The files of one repository's mirror. All of them may be deleted at any time: the next read makes them anew. */
export type MirrorFolder = {
  /** What was fetched: all branches, tags and whatever they once stood at. */
  mirror: string
  /** An empty repository to read the mirror's objects through, which knows of no host to fetch missing ones from. */
  view: string
  objects: string
  /** Refs as they stood before a fetch that may not have ended. */
  before: string
  /** The git that fetches, by its process id. */
  running: string
  /** Whether the host left out large files. */
  partial: string
}

/** Folder names are ids of ours, never names from outside. */
export function mirrorFolder(root: string, key: { organizationId: string; repositoryId: string }): MirrorFolder {
  const folder = join(root, key.organizationId, key.repositoryId)
  const mirror = join(folder, 'mirror.git')
  return {
    mirror,
    view: join(folder, 'view.git'),
    objects: join(mirror, 'objects'),
    before: join(folder, 'refs-before'),
    running: join(folder, 'running'),
    partial: join(folder, 'is-partial'),
  }
}

/**
 * One process at a time works on a mirror; undefined while another does. Whoever gets it ends what a killed process left
 * running and removes its locks and half-written packs.
 */
export async function lockMirror(folder: MirrorFolder): Promise<FileLock | undefined> {
  await mkdir(join(folder.mirror, '..'), { recursive: true, mode: 0o700 })
  const lock = tryFileLock(join(folder.mirror, '..', 'lock'), 'exclusive')
  if (lock === undefined) return undefined
  try {
    await endLeftover(folder)
    await removeLeftovers(folder)
    return lock
  } catch (error) {
    lock.release()
    throw error
  }
}

/** A process id is given to others in time: only one that still works in our folder is ended. */
async function endLeftover(folder: MirrorFolder): Promise<void> {
  const id = Number(await readFile(folder.running, 'utf8').catch(() => '0'))
  if (id > 0 && commandOf(id).includes(folder.mirror))
    try {
      process.kill(-id, 'SIGKILL')
    } catch {
      // Over in this very moment.
    }
  await rm(folder.running, { force: true })
}

/** Empty where the system does not tell; git's own locks then have to do. https://man7.org/linux/man-pages/man5/proc_pid_cmdline.5.html */
function commandOf(processId: number): string {
  try {
    return readFileSync(`/proc/${processId}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

async function removeLeftovers({ mirror }: MirrorFolder): Promise<void> {
  const found = await readdir(mirror, { recursive: true, withFileTypes: true }).catch(() => [])
  const left = found.filter(
    (entry) => entry.isFile() && (entry.name.endsWith('.lock') || /^(tmp_|\.tmp-|incoming-)/.test(entry.name)),
  )
  for (const entry of left) await rm(join(entry.parentPath, entry.name), { force: true })
}

/** Bytes of the files, as their lengths say. */
export async function measureFolder(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    if (entry.isFile())
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      )
  return bytes
}

export type MirrorLimits = {
  /** What one mirror may take. */
  maxBytes: number
  /** What is to stay free of the disk. */
  keepFreeBytes: number
}

/** Why a mirror may not grow; undefined while it may. */
export async function findSpaceProblem(folder: MirrorFolder, limits: MirrorLimits): Promise<AppError | undefined> {
  const { bavail, bsize } = await statfs(join(folder.mirror, '..'))
  if (bavail * bsize < limits.keepFreeBytes)
    return new AppError(
      'unavailable',
      `The disk has ${toMb(bavail * bsize)} MB free, and ${toMb(limits.keepFreeBytes)} MB are to stay free: the copy of the repository is not made. Free some, name another folder with WEIR_GIT_FOLDER, or change WEIR_GIT_FREE_MB.`,
      { meta: { git: 'disk' } },
    )
  const bytes = await measureFolder(folder.mirror)
  if (bytes <= limits.maxBytes) return undefined
  return new AppError(
    'unavailable',
    `The copy of the repository takes ${toMb(bytes)} MB, and ${toMb(limits.maxBytes)} MB are allowed. Raise WEIR_GIT_REPOSITORY_MB if the disk has room.`,
    { meta: { git: 'size' } },
  )
}

const toMb = (bytes: number): number => Math.ceil(bytes / 1_000_000)

/** Deletes the copy of one repository, or does nothing while it is in use; answers whether it is gone. */
export async function deleteMirror(
  root: string,
  key: { organizationId: string; repositoryId: string },
): Promise<boolean> {
  const folder = mirrorFolder(root, key)
  const lock = await lockMirror(folder)
  if (lock === undefined) return false
  try {
    await emptyMirror(folder)
  } finally {
    lock.release()
  }
  await rm(join(folder.mirror, '..'), { recursive: true, force: true })
  return true
}

/** For a mirror that cannot be read: the next fetch begins anew. Only for the holder of its lock. */
export async function emptyMirror(folder: MirrorFolder): Promise<void> {
  for (const path of [folder.mirror, folder.view, folder.before, folder.partial])
    await rm(path, { recursive: true, force: true })
}

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The mirrors that are on this disk. */
export async function listMirrors(root: string): Promise<{ organizationId: string; repositoryId: string }[]> {
  const found: { organizationId: string; repositoryId: string }[] = []
  for (const organizationId of await readdir(root).catch(() => []))
    for (const repositoryId of await readdir(join(root, organizationId)).catch(() => []))
      if (isId.test(organizationId) && isId.test(repositoryId)) found.push({ organizationId, repositoryId })
  return found
}
