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

// Programs that sort the fields put long lists in front of the words by which a report is known best.
test.each([
  ['semgrep', { errors: [{ code: 3, level: 'warn', message: 'Fog', type: 'Syntax error' }] }],
  ['snyk', { dependencyCount: 2, displayTargetFile: 'a.json', filesystemPolicy: false, licensesPolicy: {} }],
  ['dependency-check', { dependencies: [{ fileName: 'a.jar', filePath: '/a.jar', isVirtual: false }] }],
  ['trivy', { Results: [{ Class: 'os-pkgs', Target: 'a', Vulnerabilities: [{ VulnerabilityID: 'CVE-2020-11111' }] }] }],
  ['cyclonedx', { components: [{ 'bom-ref': 'a', name: 'libfog', purl: 'pkg:npm/libfog@1' }] }],
])('%s is known by its lists alone', (name, beginning) => {
  expect(chooseScanner(JSON.stringify(beginning).slice(0, -1), undefined).name).toBe(name)
})

test.each([
  ['{"document": {"csaf_version": "2.0"}, "vulnerabilities": []}', 'an advisory or VEX document in CSAF'],
  ['{"apiVersion": "aquasecurity.github.io/v1alpha1", "kind": "VulnerabilityReport"}', 'what the Trivy operator keeps'],
  ['<?xml version="1.0"?>\n<testsuites tests="3">', 'a list of tests in the XML of JUnit'],
  ['{"results": [], "errors": null}', 'a report without a result, which looks alike'],
  ['{"results": [1]}', 'JSON of a kind Weir does not know'],
  ['null\n', 'the word null'],
])('what is no report is called by its name: %s', (head, name) => {
  expect(() => chooseScanner(head, undefined)).toThrow(`The file is ${name}`)
})
