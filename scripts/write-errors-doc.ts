import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { errorCatalogue } from '../src/lib/app-error.ts'

/** Where the page for people lies. */
export const errorsDocPath = fileURLToPath(new URL('../docs/errors.md', import.meta.url))

/** The page that lists every error code, written from the catalogue. */
export function renderErrorsDoc(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, entry]) => `| \`${code}\` | ${entry.status} | ${entry.title} | ${entry.retryable ? 'yes' : 'no'} |`,
  )
  return [
    '# Errors',
    '',
    'Every failure answers as `application/problem+json` (RFC 9457) with one of these codes, a sentence in `detail` and',
    'an `id` to quote. *Retry* says whether the same request can succeed later without a change.',
    '',
    'This page is written by `node bin/run.mjs scripts/write-errors-doc.ts`.',
    '',
    '| code | status | meaning | retry |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** The page as it lies in the repository; empty when there is none. */
export function readErrorsDoc(): string {
  try {
    return readFileSync(errorsDocPath, 'utf8')
  } catch {
    return ''
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(errorsDocPath, renderErrorsDoc())
