import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AppError } from '../lib/app-error.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** `node:util`'s parseArgs with a sentence and the usage in place of its exceptions. Throws `validation_failed`. */
export function parseOptions<const O extends Options>(args: string[], options: O, usage: string) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('. ')[0] : 'The arguments cannot be read'
    throw new AppError('validation_failed', `${why}.\nUsage: ${usage}`, { cause })
  }
}

/** Exactly `count` words beside the options. Throws `validation_failed`. */
export function requireWords(words: readonly string[], count: number, usage: string): readonly string[] {
  if (words.length === count) return words
  throw new AppError('validation_failed', `Usage: ${usage}`)
}
