import { expect, it } from 'vitest'
import { readErrorsDoc, renderErrorsDoc } from './write-errors-doc.ts'

it('docs/errors.md lists the catalogue (else run: node bin/run.mjs scripts/write-errors-doc.ts)', () => {
  expect(readErrorsDoc()).toBe(renderErrorsDoc())
})
