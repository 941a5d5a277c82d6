import { expect, test } from 'vitest'
import { AppError } from '../lib/app-error.ts'
import { chooseScanner, requireLookalike } from './choose-scanner.ts'

const gitleaks =
  '[{"Description":"Key","StartLine":3,"File":"a.env","Secret":"x","RuleID":"key","Fingerprint":"a:key:3","Match":"k"}]'

function refusal(named: string, head: string): string | undefined {
  try {
    requireLookalike(chooseScanner(head, named), head)
  } catch (error) {
    if (error instanceof AppError && error.code === 'report_not_recognised') return error.detail
    throw error
  }
}

test.each([
  ['bandit', gitleaks, 'Nothing in the file is of a Bandit report; it looks like Gitleaks.'],
  ['zap', gitleaks, 'Nothing in the file is of a ZAP report; it looks like Gitleaks.'],
  ['gitleaks', gitleaks, undefined],
  ['gitleaks', '[]', undefined],
  ['bandit', '[]', undefined],
])('a file named %s by hand that begins %s: %s', (named, head, sentence) => {
  const said = refusal(named, head)
  if (sentence === undefined) expect(said).toBeUndefined()
  else expect(said).toContain(sentence)
})
