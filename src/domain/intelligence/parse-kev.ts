import * as z from 'zod'
import { AppError } from '../../lib/app-error.ts'
import { cutText } from '../../lib/cut-text.ts'
import { quote } from './read-lines.ts'

/** A vulnerability that is known to be exploited; days as 2027-03-01. `dueOn` is what CISA asks of US federal agencies. */
export type KnownExploited = { cve: string; addedOn: string; dueOn: string; isUsedByRansomware: boolean }

/** The catalogue, and which one it is where the file says so. */
export type KevCatalogue = { version: string | null; releasedAt: string | null; entries: KnownExploited[] }

const entry = z.object({
  cveID: z.string().regex(/^CVE-\d{4}-\d{4,}$/, 'not the id of a CVE'),
  dateAdded: z.iso.date(),
  dueDate: z.iso.date(),
  // “Known” or “Unknown”; the oldest catalogues do not have it.
  knownRansomwareCampaignUse: z.string().optional(),
})

const catalogue = z.object({
  catalogVersion: z.string().nullish(),
  dateReleased: z.string().nullish(),
  count: z.number().nullish(),
  vulnerabilities: z.array(entry).min(1, 'The list is empty.'),
})

/**
 * Parses the catalogue of https://www.cisa.gov/known-exploited-vulnerabilities-catalog, its JSON. Throws
 * `intelligence_invalid` for what is not one, is cut short, or has a CVE twice, with the place or the entry.
 */
export function parseKev(text: string): KevCatalogue {
  const parsed = catalogue.safeParse(parseJson(text))
  if (!parsed.success) throw invalid(describe(parsed.error.issues[0]))
  const { catalogVersion, dateReleased, count, vulnerabilities } = parsed.data
  if (typeof count === 'number' && count !== vulnerabilities.length)
    throw invalid(`It says it has ${count} entries, and has ${vulnerabilities.length}: it was cut short or edited.`)
  const entries = vulnerabilities.map(({ cveID, dateAdded, dueDate, knownRansomwareCampaignUse }) => ({
    cve: cveID,
    addedOn: dateAdded,
    dueOn: dueDate,
    isUsedByRansomware: knownRansomwareCampaignUse?.trim().toLowerCase() === 'known',
  }))
  const seen = new Set<string>()
  for (const [index, { cve }] of entries.entries()) {
    if (seen.has(cve)) throw invalid(`Entry ${index + 1}: ${cve} is in it already.`)
    seen.add(cve)
  }
  return { version: catalogVersion ?? null, releasedAt: dateReleased ?? null, entries }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    // The message names the place: an excerpt, or line and column.
    throw invalid(`It is not whole JSON: ${cause instanceof Error ? cutText(cause.message, 120) : 'it is broken'}.`)
  }
}

function describe(issue: z.core.$ZodIssue | undefined): string {
  const [list, index, ...field] = issue?.path ?? []
  const message = issue?.message ?? ''
  if (list !== 'vulnerabilities' || typeof index !== 'number')
    return `${quote(issue?.path.join('.') ?? '')}: ${message}. The file to take is the JSON of the catalogue.`
  return `Entry ${index + 1}, ${field.join('.')}: ${message}.`
}

function invalid(sentence: string): AppError {
  return new AppError('intelligence_invalid', `The catalogue cannot be read. ${sentence} Nothing of it was taken.`)
}
