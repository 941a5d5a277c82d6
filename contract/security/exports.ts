import * as z from 'zod'
import { defineRoute } from '../route.ts'
import { vulnerabilityFilters } from './vulnerability-filters.ts'

/** The formats what is filtered can be had in, by the end of the address. */
export const exportEndings = { csv: 'csv', json: 'json', sarif: 'sarif', vex: 'vex.cdx.json' } as const
export type ExportFormat = keyof typeof exportEndings
export const exportFormats = ['csv', 'json', 'sarif', 'vex'] as const satisfies readonly ExportFormat[]

/** Carries how many vulnerabilities the file holds, before its first byte. */
export const exportCountHeader = 'weir-vulnerabilities'

const query = z.strictObject(vulnerabilityFilters)
const shared = { method: 'GET', tag: 'Exports', access: 'read', status: 200, query } as const

export const exportCsv = defineRoute({
  ...shared,
  id: 'exportCsv',
  path: '/api/v1/exports/vulnerabilities.csv',
  summary: 'What the filters match as CSV (RFC 4180, UTF-8 with a byte order mark); oldest first',
})

export const exportJson = defineRoute({
  ...shared,
  id: 'exportJson',
  path: '/api/v1/exports/vulnerabilities.json',
  summary: 'What the filters match as JSON',
})

export const exportSarif = defineRoute({
  ...shared,
  id: 'exportSarif',
  path: '/api/v1/exports/vulnerabilities.sarif',
  summary: 'What the filters match as SARIF 2.1.0, a run for each scanner',
})

export const exportVex = defineRoute({
  ...shared,
  id: 'exportVex',
  path: '/api/v1/exports/vulnerabilities.vex.cdx.json',
  summary: 'What the filters match as CycloneDX 1.6 VEX: what is known, and what was decided',
})
