import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from './lib/app-error.ts'
import { newSecret, type RandomBytes } from './lib/ids.ts'

/** The keys to seal and open with, and where a key was just made, for the line that tells the administrator. */
export type SecretKeys = { keys: readonly Uint8Array[]; madeAt: string | undefined }

/** The configured keys, else the one of the data folder, which is made at the first start. Throws `config_invalid` when its file is damaged. */
export function ensureSecretKeys(
  config: { secretKeys: readonly Uint8Array[] | undefined; dataFolder: string },
  randomBytes?: RandomBytes,
): SecretKeys {
  if (config.secretKeys !== undefined) return { keys: config.secretKeys, madeAt: undefined }
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
  const path = join(config.dataFolder, 'secret.key')
  const isMade = makeKeyFile(path, newSecret(32, randomBytes))
  closeToOthers(path)
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
  if (key.length !== 32)
    throw new AppError('config_invalid', `The key file ${path} is damaged. Restore it, or set WEIR_SECRET_KEY.`)
  return { keys: [key], madeAt: isMade ? path : undefined }
}

/** A key copied back from elsewhere may have come with the rights of any file. */
function closeToOthers(path: string): void {
  const { mode, uid } = statSync(path)
  if ((mode & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(path, 0o600)
}

/** Whole or not at all, and never over another one: written aside, then linked to its name, which fails when that exists. */
function makeKeyFile(path: string, text: string): boolean {
  if (existsSync(path)) return false
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${text}\n`, { mode: 0o600, flush: true })
  try {
    chmodSync(draft, 0o600)
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
