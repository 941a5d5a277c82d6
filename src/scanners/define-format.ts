import { AppError } from '../lib/app-error.ts'
import { type JsonPath, sliceJson, type Wish } from './json-slicer.ts'
import type { Report, ReportFinding, ReportLimits, ReportResult, ReportSource, ReportTool, Scanner } from './scanner.ts'
import type { XmlElement } from './xml-element.ts'
import { sliceXml, type XmlPath, type XmlWish } from './xml-slicer.ts'

/** A piece of a report; `entered` is an XML element with its attributes alone, before its children come. */
export type Part<Path, Value> =
  | { kind: 'value' | 'entered'; path: Path; at: number; value: Value }
  | { kind: 'oversized'; path: Path; at: number }

/**
 * A format whose results can be read one after the other. A report is walked twice: first everything is `learned` that may
 * stand behind the results that need it (rules, components, versions), then the results are read.
 */
export type Format<Path, Value, Context> = {
  name: string
  title: string
  recognise: (head: string) => boolean
  /** What of the file is looked at. */
  wish: (path: Path) => Wish
  /** Parts that hold results. All others are only learned from. */
  isResult: (path: Path) => boolean
  newContext: () => Context
  /** Called for each part in the order of the file, results included. */
  learn?: (context: Context, part: { path: Path; value: Value; at: number }) => void
  /** Throws `report_invalid` for a file that is another kind of report after all. */
  check?: (context: Context) => void
  tools: (context: Context) => readonly ReportTool[]
  commit?: (context: Context) => string | null
  /** Why the report, by its own words, tells of a part of the code only, as the end of a sentence. */
  partial?: (context: Context) => string | undefined
  /** What the file holds that is not read, in sentences with counts. */
  unread?: (context: Context) => readonly string[]
  /**
   * All results of one part, in the order of the file. Called once more for each walk: it must not remember anything. `at` is
   * where the part begins, the same in every walk, so that what was learned of it can be found again.
   */
  read: (value: Value, context: Context, path: Path, at: number) => readonly ReportResult[]
}

const maxDepth = 200

export type JsonFormat<Context> = Format<JsonPath, unknown, Context> & { documents?: 'one' | 'many' }

/** A scanner for a format in JSON. */
export function jsonFormat<Context>(format: JsonFormat<Context>): Scanner {
  const { documents = 'one' } = format
  return toScanner(format, async function* (source, { maxResultBytes }) {
    const keys = { seen: 0, wished: 0 }
    const wish = countKeys(format.wish, keys)
    yield* sliceJson(source.open(), { wish, documents, maxDepth, maxSliceBytes: maxResultBytes })
    // Read as a report it would be a clean scan, and close everything.
    if (keys.seen > 0 && keys.wished === 0) refuse(format.title, 'nothing in it is what such a report consists of')
  })
}

/** How many fields the file has, and how many of them (or of what stands around them) the format looks at. */
function countKeys(wish: (path: JsonPath) => Wish, keys: { seen: number; wished: number }): (path: JsonPath) => Wish {
  return (path) => {
    const answer = wish(path)
    const isKey = typeof path.at(-1) === 'string'
    if (isKey) keys.seen += 1
    if (answer === 'take' || (isKey && answer === 'enter')) keys.wished += 1
    return answer
  }
}

/** A scanner for a format in XML. */
export function xmlFormat<Context>(
  format: Omit<Format<XmlPath, XmlElement, Context>, 'wish'> & {
    wish: (path: XmlPath) => XmlWish
    /** Elements inside a result that are kept with their attributes alone, however long they are. */
    isHollow?: (name: string) => boolean
  },
): Scanner {
  const { wish, isHollow } = format
  return toScanner(format, (source, { maxResultBytes }) =>
    sliceXml(source.open(), { wish, maxDepth, maxSliceLength: maxResultBytes, ...(isHollow && { isHollow }) }),
  )
}

type Cut<Path, Value> = (source: ReportSource, limits: ReportLimits) => AsyncIterable<Part<Path, Value>>

function toScanner<Path, Value, Context>(
  format: Omit<Format<Path, Value, Context>, 'wish'>,
  cut: Cut<Path, Value>,
): Scanner {
  const { name, title, recognise } = format
  const read = async (source: ReportSource, limits: ReportLimits): Promise<Report> => {
    const context = format.newContext()
    let oversized = 0
    for await (const part of cut(source, limits)) {
      if (part.kind === 'oversized') oversized += 1
      else format.learn?.(context, part)
    }
    format.check?.(context)
    // What it would have told of may be there still.
    const problem = oversized === 0 ? null : 'a part of the report is too long to be read'
    const partial = format.partial?.(context)
    return {
      ...(partial !== undefined && { partial }),
      tools: format.tools(context).map((tool) => ({ ...tool, problem: tool.problem ?? problem })),
      commit: format.commit?.(context) ?? null,
      unread: format.unread?.(context) ?? [],
      results: () => walk(cut(source, limits), { format, context, limits }),
    }
  }
  return { name, title, recognise, read }
}

type Walk<Path, Value, Context> = {
  format: Pick<Format<Path, Value, Context>, 'isResult' | 'read'>
  context: Context
  limits: ReportLimits
}

async function* walk<Path, Value, Context>(
  parts: AsyncIterable<Part<Path, Value>>,
  { format, context, limits }: Walk<Path, Value, Context>,
): AsyncGenerator<ReportResult> {
  let count = 0
  for await (const part of parts) {
    if (part.kind === 'entered' || (part.kind === 'value' && !format.isResult(part.path))) continue
    const results =
      part.kind === 'oversized'
        ? [skipped('oversized', 'A part of the report', tooLong(limits, part.at))]
        : format.read(part.value, context, part.path, part.at)
    for (const result of results) {
      count += 1
      requireRoom(count, limits)
      yield result
    }
  }
}

function tooLong({ maxResultBytes }: ReportLimits, at: number): string {
  return `longer than ${Math.round(maxResultBytes / 1024)} kB, at ${at} from the beginning`
}

function requireRoom(count: number, { maxResults }: ReportLimits): void {
  if (count <= maxResults) return
  throw new AppError(
    'report_too_many_results',
    `The report holds more than ${maxResults} results. Split it by folder or rule, or raise WEIR_MAX_RESULTS.`,
    { meta: { maxResults } },
  )
}

/** A result that is counted and left out. `step` is one word for the reason; `detail` says it to people. */
export function skipped(step: string, label: string, detail: string | null): ReportResult {
  return { kind: 'skipped', step, label: label.slice(0, 200), detail }
}

export function found(finding: ReportFinding): ReportResult {
  return { kind: 'finding', finding }
}

/** Throws `report_invalid`: "This is no … report Weir can read: …". */
export function refuse(title: string, why: string): never {
  const what = title.endsWith(' report') ? title : `${title} report`
  throw new AppError('report_invalid', `This is no ${what} Weir can read: ${why}. Check what the scanner wrote.`)
}
