import { expect, test } from 'vitest'
import { spellScanner } from './spell-scanner.ts'

test.each([
  ['Semgrep OSS', 'Semgrep'],
  ['semgrep', 'Semgrep'],
  ['CodeQL command-line toolchain', 'CodeQL'],
  ['SnykCode', 'Snyk Code'],
  ['Golang security checks by gosec', 'gosec'],
  ['  Lantern   Light ', 'Lantern Light'],
  ['semgrep-like', 'semgrep-like'],
])('%s is %s', (name, wanted) => expect(spellScanner(name)).toBe(wanted))
