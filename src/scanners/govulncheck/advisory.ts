import { readList, readObject, readText } from '../json-fields.ts'

/** An entry of Go's vulnerability database, as much as findings need: a report holds hundreds. */
export type Advisory = {
  id: string
  title: string
  details: string
  aliases: string[]
  link: string | null
  fixes: { module: string; version: string }[]
}

const maxDetails = 4000

export function readAdvisory(value: unknown): Advisory {
  const entry = readObject(value)
  const id = readText(entry['id']) ?? ''
  return {
    id,
    title: readText(entry['summary']) ?? '',
    details: (readText(entry['details']) ?? '').slice(0, maxDetails),
    aliases: readList(entry['aliases']).flatMap((alias) => readText(alias) ?? []),
    link:
      readText(readObject(entry['database_specific'])['url']) ?? (id === '' ? null : `https://pkg.go.dev/vuln/${id}`),
    fixes: readList(entry['affected']).flatMap(listFixes),
  }
}

function listFixes(value: unknown): Advisory['fixes'] {
  const { package: about, ranges } = readObject(value)
  const module = readText(readObject(about)['name']) ?? ''
  const events = readList(ranges).flatMap((range) => readList(readObject(range)['events']))
  return events.flatMap((event) => {
    const version = readText(readObject(event)['fixed'])
    return version === undefined ? [] : [{ module, version }]
  })
}
