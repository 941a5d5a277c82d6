import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { configDocPath, envExamplePath, renderConfigDoc, renderEnvExample } from './write-config-doc.ts'

it('docs/configuration.md lists the variables (else run: node bin/run.mjs scripts/write-config-doc.ts)', () => {
  expect(readFileSync(configDocPath, 'utf8')).toBe(renderConfigDoc())
})

it('.env.example lists the variables (else run: node bin/run.mjs scripts/write-config-doc.ts)', () => {
  expect(readFileSync(envExamplePath, 'utf8')).toBe(renderEnvExample())
})
