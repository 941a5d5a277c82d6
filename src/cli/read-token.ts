import { readFileSync } from 'node:fs'
import { AppError } from '../lib/app-error.ts'
import type { Terminal } from './command.ts'

/** What the options and the configuration say of the API token. */
export type TokenChoice = { option: string | undefined; file: string | undefined; configured: string | undefined }

const warning =
  'Warning: --token shows the token to everybody who can list the processes of this machine. Better: WEIR_TOKEN, --token-file FILE, or --token - to read it from standard input.'

/** The API token, from `--token -` (standard input), `--token`, `--token-file` or WEIR_TOKEN in this order. Throws `validation_failed`. */
export async function readToken({ option, file, configured }: TokenChoice, terminal: Terminal): Promise<string> {
  if (option !== undefined && file !== undefined)
    throw new AppError('validation_failed', 'Give --token or --token-file, not both.')
  if (option === '-') return requireText(await terminal.readInput(), 'standard input')
  if (option !== undefined) {
    terminal.complain(warning)
    return option
  }
  if (file !== undefined) return requireText(readText(file), file)
  if (configured !== undefined) return configured
  throw new AppError(
    'validation_failed',
    'Give an API token with the scope import (to export: read): WEIR_TOKEN, --token-file FILE, or --token - to read it from standard input.',
  )
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AppError('validation_failed', `The token cannot be read from the file ${file}.`, { cause })
  }
}

function requireText(text: string, place: string): string {
  const token = text.trim()
  if (token !== '' && !/\s/.test(token)) return token
  throw new AppError('validation_failed', `There is ${token === '' ? 'no token' : 'more than one word'} in ${place}.`)
}
