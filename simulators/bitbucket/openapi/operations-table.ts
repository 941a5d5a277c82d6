import { at, isObject } from '../../shared/json.ts'
import type { Mode } from '../model.ts'
import { endpoints } from '../routes/endpoints.ts'
import { startSimulator } from '../simulator.ts'
import { type Document, findOperation } from './check-schema.ts'
import { recordings } from './recordings.ts'
import { loadDocument, takeWalk } from './walk.ts'
import { allWalks } from './walks/all-walks.ts'
import { refusalWalk } from './walks/refusals.ts'

/** What each of our operations answered with, by its name: `GET /user`. */
type Statuses = Map<string, Set<number>>

interface Operation {
  method: string
  template: string
  group: string
}

interface Row extends Operation {
  /** Our name of it; undefined: not there. */
  name: string | undefined
}

const methods = ['get', 'post', 'put', 'delete']

function operationsOf(document: Document): Operation[] {
  const paths = at(document, 'paths')
  return Object.entries(isObject(paths) ? paths : {}).flatMap(([template, operations]) =>
    methods.flatMap((method) => {
      const operation = at(operations, method)
      if (!isObject(operation)) return []
      const [group] = Array.isArray(operation['tags']) ? operation['tags'].map(String) : []
      return [{ method: method.toUpperCase(), template, group: group ?? 'Others' }]
    }),
  )
}

function rowsOf(document: Document, operations: readonly Operation[]): Row[] {
  const ours = new Map<string, string>(
    // The first of those that fit counts, as the last one kept here.
    endpoints.toReversed().flatMap(({ method, path }) => {
      const found = findOperation(document, method, path)
      return found === undefined ? [] : [[`${method} ${found.template}`, `${method} ${path}`] as const]
    }),
  )
  return operations.map((one) => ({ ...one, name: ours.get(`${one.method} ${one.template}`) }))
}

/** Takes every walk; throws when an answer does not fit, as then nothing is validated. */
async function walkAll(): Promise<Statuses> {
  const statuses: Statuses = new Map()
  for (const walk of [...allWalks, refusalWalk('2026'), refusalWalk('legacy')]) {
    const simulator = await startSimulator({ repositories: 2, mode: walk.mode })
    try {
      const problems = await takeWalk(simulator, walk, (name, { status }) => {
        statuses.set(name, (statuses.get(name) ?? new Set()).add(status))
      })
      if (problems.length > 0) throw new Error(`${walk.name}: ${problems.join('\n')}`)
    } finally {
      await simulator.close()
    }
  }
  return statuses
}

function statusesOf(statuses: Statuses, name: string | undefined, isHappy: boolean): number[] {
  const all = [...(statuses.get(name ?? '') ?? [])]
  return all.filter((status) => status < 400 === isHappy).toSorted((one, other) => one - other)
}

function recordedFor(name: string | undefined): string[] {
  return recordings.filter((one) => one.operation === name).map((one) => one.file.replace(/\.json$/, ''))
}

function line(statuses: Statuses, row: Row): string {
  const there = row.name === undefined ? 'no' : 'yes'
  const happy = statusesOf(statuses, row.name, true).join(', ')
  const unhappy = statusesOf(statuses, row.name, false).join(', ')
  const recorded = recordedFor(row.name).map((file) => `\`${file}\``)
  return `| \`${row.method} ${row.template}\` | ${there} | ${happy} | ${unhappy} | ${recorded.join(', ')} |`
}

function table(statuses: Statuses, rows: readonly Row[]): string[] {
  const groups = Map.groupBy(rows, (row) => row.group)
  return [...groups].flatMap(([group, members]) => [
    `### ${group}`,
    '',
    '| operation | implemented | answers walked | refusals walked | shape compared with |',
    '|---|---|---|---|---|',
    ...members.map((row) => line(statuses, row)),
    '',
  ])
}

function sums(statuses: Statuses, rows: readonly Row[]): string {
  const count = (wanted: (row: Row) => boolean) => rows.filter(wanted).length
  const parts = [
    `${rows.length} operations`,
    `${count((row) => row.name !== undefined)} implemented`,
    `${count((row) => statusesOf(statuses, row.name, true).length > 0)} walked with an answer`,
    `${count((row) => statusesOf(statuses, row.name, false).length > 0)} with a refusal`,
    `${count((row) => recordedFor(row.name).length > 0)} compared with recordings`,
  ]
  return `${parts.join(', ')}.`
}

function rowsOfMode(mode: Mode): Row[] {
  const document = loadDocument(mode)
  return rowsOf(document, operationsOf(document))
}

function summary(statuses: Statuses, rows: readonly Row[]): string[] {
  const lines = [...Map.groupBy(rows, (row) => row.group)].map(([group, members]) => {
    const there = members.filter((row) => row.name !== undefined)
    const walked = (isHappy: boolean) =>
      there.filter((row) => statusesOf(statuses, row.name, isHappy).length > 0).length
    const recorded = new Set(members.flatMap((row) => recordedFor(row.name))).size
    const evidence = recorded === 0 ? '' : String(recorded)
    return `| ${group} | ${members.length} | ${there.length} | ${walked(true)} | ${walked(false)} | ${evidence} |`
  })
  return [
    '| operations | documented | implemented | validated: answers | validated: refusals | recorded bodies compared |',
    '|---|---:|---:|---:|---:|---:|',
    ...lines,
  ]
}

/** Folded: few readers look for one of them. */
function notThere(rows: readonly Row[]): string[] {
  const missing = rows.filter((row) => row.name === undefined)
  const lines = [...Map.groupBy(missing, (row) => row.group)].map(
    ([group, members]) => `- ${group}: ${members.map((row) => `\`${row.method} ${row.template}\``).join(', ')}`,
  )
  const title = `<summary>Not there, so answered as an unknown path is: ${missing.length} operations</summary>`
  return ['<details>', title, '', ...lines, '', '</details>']
}

/** What is known of ours: the page that lists every documented operation, and its sums for the README. */
export async function renderOperations(): Promise<{ page: string; sums: string }> {
  const statuses = await walkAll()
  const rows = rowsOfMode('2026')
  const known = new Set(rows.map((row) => `${row.method} ${row.template}`))
  const removed = rowsOfMode('legacy').filter((row) => !known.has(`${row.method} ${row.template}`))
  const documented = new Set([...rows, ...removed].map((row) => row.name))
  const others = [...new Set(recordings.map((one) => one.operation))].filter((name) => !documented.has(name))
  const page = [
    '# Operations',
    '',
    'Every operation of Bitbucket’s published API descriptions: whether it is here, with which statuses it was walked',
    'through (each body checked against the description) and which recorded answers its shape was compared with. What is',
    'not implemented answers 404 as an unknown path does.',
    'Written by `node bin/run.mjs scripts/write-simulator-table.ts` from the code, the descriptions and the walks.',
    '',
    `- Mode 2026: ${sums(statuses, rows)}`,
    `- Mode legacy, besides: ${sums(statuses, removed)}`,
    ...(others.length === 0 ? [] : [`- Compared with recordings and in no description: ${others.join(', ')}.`]),
    '',
    '## Mode 2026',
    '',
    ...table(statuses, rows),
    '## Mode legacy, besides',
    '',
    'Gone since: in mode 2026 each answers 410.',
    '',
    ...table(statuses, removed),
  ]
  const all = [...rows, ...removed]
  return { page: page.join('\n'), sums: [...summary(statuses, all), '', ...notThere(all)].join('\n') }
}
