import { type JsonObject, readNumber, readObject, readText } from '../json-fields.ts'
import { readLine } from '../read-line.ts'
import { readSecret } from '../read-secret.ts'
import type { Place } from '../scanner.ts'
import type { Leak } from './leak.ts'

/** One secret in one place; none for an object that is something else. */
export function readVersion3(entry: JsonObject): Leak[] {
  const detector = readText(entry['DetectorName']) ?? numbered(entry['DetectorType'])
  if (detector === undefined) return []
  const { path, line, link, commit } = readSource(entry['SourceMetadata'])
  const isVerified = entry['Verified'] === true || entry['Verified'] === 'true'
  const state = isVerified ? 'verified: it works' : 'not verified'
  const told = [
    readText(entry['DetectorDescription']),
    commit === '' ? undefined : `Found in commit ${commit}.`,
    isVerified ? 'TruffleHog tried it out, and it works.' : describeFailure(entry['VerificationError']),
  ]
  const place: Place | null =
    path === null ? null : { path, line: line ?? 1, message: commit === '' ? null : `In commit ${commit.slice(0, 12)}` }
  return [
    {
      detector,
      title: `${detector} secret, ${state}`,
      description: told.filter((text) => text !== undefined).join('\n\n'),
      severity: isVerified ? 'critical' : 'medium',
      path,
      line,
      secret: readSecret(entry['Raw']) ?? readSecret(entry['RawV2']),
      hint: readText(entry['Redacted']) ?? '',
      helpUri: link,
      place,
    },
  ]
}

/** The first versions told the number of the detector alone. */
function numbered(type: unknown): string | undefined {
  const number = readNumber(type)
  return number === undefined ? undefined : `detector-${number}`
}

function describeFailure(error: unknown): string | undefined {
  return readText(error) === undefined ? undefined : 'TruffleHog could not find out whether it works.'
}

type Source = { path: string | null; line: number | null; link: string | null; commit: string }

/**
 * Git, Github, Filesystem, Docker, S3 and thirty more: each names what it knows. In an image the layer and the tag change
 * from build to build, so that they are no part of the path.
 */
function readSource(metadata: unknown): Source {
  const [kind = '', source] = Object.entries(readObject(readObject(metadata)['Data']))[0] ?? []
  const fields = readObject(source)
  const file = readText(fields['file']) ?? readText(fields['path']) ?? readText(fields['filename']) ?? null
  const store = readText(fields['bucket'])
  return {
    path: file === null || store === undefined || kind === 'Filesystem' ? file : `${store}/${file}`,
    line: readLine(fields['line']),
    link: readText(fields['link']) ?? null,
    commit: readText(fields['commit']) ?? '',
  }
}
