import { type JsonObject, readObject, readText } from '../json-fields.ts'
import { rateFinding } from '../rate-finding.ts'
import { readLine } from '../read-line.ts'
import { readSecret } from '../read-secret.ts'
import type { Leak } from './leak.ts'

/**
 * The version 3 that went on in Python (https://pypi.org/project/trufflehog3/), with its rule as an object: one secret in
 * one line of one commit, or of the folder where there is no commit.
 */
export function readVersion3OfPython(entry: JsonObject): Leak[] {
  const rule = readObject(entry['rule'])
  const detector = readText(rule['id']) ?? readText(rule['message']) ?? 'Secret'
  const path = readText(entry['path']) ?? null
  const line = readLine(entry['line'])
  const commit = readText(entry['commit']) ?? ''
  const secret = readText(entry['secret'])
  return [
    {
      detector,
      title: readText(rule['message']) ?? detector,
      description: commit === '' ? '' : `Found in commit ${commit}.`,
      severity: rateFinding({ word: rule['severity'] }).severity,
      path,
      line,
      secret: readSecret(secret),
      hint: secret ?? '',
      helpUri: null,
      place:
        path === null
          ? null
          : { path, line: line ?? 1, message: commit === '' ? null : `In commit ${commit.slice(0, 12)}` },
    },
  ]
}
