import { readList, readObject, readText } from '../json-fields.ts'
import { type Entry, readAdvisoryId } from './entry.ts'

/** The `children` of a line that Yarn 4 writes for a package: an advisory, and the versions that are installed. */
export function readBerryLine(value: unknown, name: string): Entry[] {
  const line = readObject(value)
  const { ID: number, Issue: issue, URL: url, Severity: severity } = line
  const title = readText(issue) ?? ''
  if (readText(number)?.endsWith('(deprecation)') === true)
    return [{ kind: 'left', step: 'deprecated', label: name, detail: 'a deprecated package is no vulnerability' }]
  const link = readText(url) ?? null
  const versions = readList(line['Tree Versions']).flatMap((version) => readText(version) ?? [])
  const dependents = readList(line['Dependents']).flatMap((one) => readText(one) ?? [])
  return (versions.length === 0 ? [null] : versions).map((version) => ({
    kind: 'entry',
    id: readAdvisoryId(link, number),
    others: [],
    name,
    version,
    title,
    description: '',
    severity,
    cwe: null,
    vector: null,
    score: null,
    affected: readText(line['Vulnerable Versions']),
    fixedIn: null,
    link,
    ways: dependents.map((one) => one.replace(/@npm:/, '@').replace(/@workspace:.*$/, '')),
    notes: [],
  }))
}
