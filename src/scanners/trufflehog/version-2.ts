import { type JsonObject, readList, readText } from '../json-fields.ts'
import { readSecret } from '../read-secret.ts'
import type { Leak } from './leak.ts'

/** A commit's file with every text in it that one rule found: each is a secret of its own. It tells no line. */
export function readVersion2(entry: JsonObject): Leak[] {
  const detector = readText(entry['reason']) ?? 'Secret'
  const path = readText(entry['path']) ?? null
  const commit = readText(entry['commitHash']) ?? ''
  const isGuess = /entropy/i.test(detector)
  return readList(entry['stringsFound']).flatMap((text): Leak[] => {
    const hint = readText(text)
    if (hint === undefined) return []
    const message = commit === '' ? null : `In commit ${commit.slice(0, 12)}`
    return [
      {
        detector,
        title: isGuess ? 'Text that looks like a secret (high entropy)' : detector,
        description: commit === '' ? '' : `Found in commit ${commit}.`,
        severity: isGuess ? 'medium' : 'high',
        path,
        line: null,
        secret: readSecret(hint),
        hint,
        helpUri: null,
        place: path === null ? null : { path, line: 1, message },
      },
    ]
  })
}
