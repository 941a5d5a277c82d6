import * as z from 'zod'
import { businessImpacts } from '../../src/domain/business-impact.ts'
import { findingKinds } from '../../src/domain/finding-kind.ts'
import { calendarDate, id, idParams, page, pageQuery, severity, status, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { tag } from './assets.ts'
import { slaStanding } from './service-levels.ts'
import { sortFields, vulnerabilityFilters, vulnerabilitySources } from './vulnerability-filters.ts'

export const vulnerabilitySummary = z.object({
  id,
  number: z.number().int(),
  title: z.string(),
  severity,
  status,
  asset: z.object({ id, key: z.string(), name: z.string() }),
  branch: z.string(),
  scanner: z.string(),
  rule_id: z.string(),
  path: z.string().nullable(),
  line: z.number().int().nullable(),
  aliases: z.array(z.string()),
  assignee: z.object({ id, name: z.string() }).nullable(),
  kind: z.enum(findingKinds),
  source: z.enum(vulnerabilitySources),
  tags: z.array(z.string()),
  findings: z.number().int(),
  /** Unread notifications of the asking member on this vulnerability. */
  unread: z.number().int(),
  messages: z.number().int(),
  /** How likely it is exploited within 30 days, and the share of all CVEs that are less likely, each 0 to 1; of EPSS. */
  epss_probability: z.number().nullable(),
  epss_percentile: z.number().nullable(),
  /** Listed by CISA as known to be exploited. */
  known_exploited: z.boolean(),
  trackers: z.array(z.object({ tracker: z.string(), link: z.string(), url: z.string().nullable() })),
  opened_at: timestamp,
  due_at: timestamp.nullable(),
  sla: slaStanding,
  last_seen_at: timestamp,
  updated_at: timestamp,
})

export type VulnerabilitySummary = z.infer<typeof vulnerabilitySummary>

export const listVulnerabilities = defineRoute({
  id: 'listVulnerabilities',
  method: 'GET',
  path: '/api/v1/vulnerabilities',
  summary: 'Vulnerabilities by filters, with counts beside each facet',
  tag: 'Vulnerabilities',
  access: 'read',
  status: 200,
  query: z.strictObject({
    ...pageQuery,
    ...vulnerabilityFilters,
    sort: z.enum([...sortFields, ...sortFields.map((field) => `-${field}` as const)]).optional(),
  }),
  response: z.object({
    items: z.array(vulnerabilitySummary),
    next: z.string().nullable(),
    /** Counted up to 1,000 where the filters need each one looked at. */
    total: z.number().int(),
    total_is_exact: z.boolean(),
    /** How many there would be with each value of a filter, all others kept; of what is left out there is none. */
    facets: z.object({
      severity: z.record(z.string(), z.number().int()),
      status: z.record(z.string(), z.number().int()),
      scanner: z.record(z.string(), z.number().int()),
      kind: z.record(z.string(), z.number().int()),
      source: z.record(z.string(), z.number().int()),
    }),
    /** False where there are more than were counted: each number is then the least there are, 0 where none was met. */
    facets_are_exact: z.boolean(),
  }),
})

export const listVulnerabilityTags = defineRoute({
  id: 'listVulnerabilityTags',
  method: 'GET',
  path: '/api/v1/vulnerability-tags',
  summary: 'Tags that vulnerabilities carry, by name',
  tag: 'Vulnerabilities',
  access: 'read',
  status: 200,
  response: z.object({ items: z.array(z.string()) }),
})

export const findingEvidence = z.object({
  id,
  scanner: z.string(),
  rule_id: z.string(),
  title: z.string(),
  message: z.string(),
  severity,
  path: z.string().nullable(),
  start_line: z.number().int().nullable(),
  end_line: z.number().int().nullable(),
  snippet: z.string().nullable(),
  help_uri: z.string().nullable(),
  /** The place at the commit the scan saw, in Bitbucket. */
  code_url: z.string().nullable(),
  active: z.boolean(),
  last_step: z.string(),
  /** Steps of the data flow, when the scanner gave one. */
  flow: z.array(z.object({ path: z.string(), line: z.number().int(), message: z.string().nullable() })),
  first_seen_at: timestamp,
  last_seen_at: timestamp,
})

export const allowedMove = z.object({ to: status, needs: z.array(z.enum(['reason', 'accepted_until'])) })

export const vulnerability = z.object({
  ...vulnerabilitySummary.shape,
  description: z.string(),
  /** Who tells of it: a scanner, or a person who wrote it down. */
  source: z.enum(['scan', 'person']),
  severity_source: z.enum(['cvss', 'tool', 'person', 'impact']),
  severity_reason: z.string().nullable(),
  /** 1 low, 2 medium, 3 high; where a person rated so. */
  impact: z.number().int().nullable(),
  probability: z.number().int().nullable(),
  cvss_vector: z.string().nullable(),
  cvss_score: z.number().nullable(),
  /** What the scan says where a person said otherwise; `null` where its own words are the ones above. */
  scan_title: z.string().nullable(),
  scan_description: z.string().nullable(),
  scan_rating: z
    .object({
      severity,
      severity_source: z.enum(['cvss', 'tool']),
      cvss_vector: z.string().nullable(),
      cvss_score: z.number().nullable(),
    })
    .nullable(),
  /** The day the EPSS scores are of; `null` without a score. */
  epss_scored_on: calendarDate.nullable(),
  /** What the catalogue says of its CVEs, the first due in front. */
  exploited: z.array(
    z.object({ cve: z.string(), added_on: calendarDate, due_on: calendarDate, used_by_ransomware: z.boolean() }),
  ),
  cwes: z.array(z.number().int()),
  /** Of its asset. */
  business_impact: z.enum(businessImpacts),
  status_reason: z.string().nullable(),
  accepted_until: calendarDate.nullable(),
  fixed_at: timestamp.nullable(),
  version: z.number().int(),
  /** Why what is written to the developers waits here for now, in a sentence; `null` while it goes out at once. */
  outbox_note: z.string().nullable(),
  /** The one it is a part of: work goes on there, and this one is only read. */
  merged_into: id.nullable(),
  evidence: z.array(findingEvidence),
  allowed_moves: z.array(allowedMove),
  /** Trackers it can be sent to now; `reason` says why not. */
  send_options: z.array(
    z.object({ tracker: z.string(), title: z.string(), available: z.boolean(), reason: z.string().nullable() }),
  ),
})

export type Vulnerability = z.infer<typeof vulnerability>

export const getVulnerability = defineRoute({
  id: 'getVulnerability',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id',
  summary: 'One vulnerability with its evidence',
  tag: 'Vulnerabilities',
  access: 'read',
  status: 200,
  params: idParams,
  response: vulnerability,
})

export const vulnerabilityEvent = z.object({
  id,
  kind: z.string(),
  actor_kind: z.enum(['member', 'scan', 'remote', 'system']),
  actor_name: z.string(),
  reason: z.string().nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  /** The change of many that this was a part of. */
  bulk_change_id: id.nullable(),
  created_at: timestamp,
})

export type VulnerabilityEvent = z.infer<typeof vulnerabilityEvent>

export const listVulnerabilityEvents = defineRoute({
  id: 'listVulnerabilityEvents',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/events',
  summary: 'History of a vulnerability, newest first',
  tag: 'Vulnerabilities',
  access: 'read',
  status: 200,
  params: idParams,
  query: z.strictObject(pageQuery),
  response: page(vulnerabilityEvent),
})

/** `version` is what the caller saw: somebody else's change in between is a conflict, not a loss. */
export const moveVulnerability = defineRoute({
  id: 'moveVulnerability',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/move',
  summary: 'Change the status by the transition table',
  tag: 'Vulnerabilities',
  access: 'vulnerability.work',
  status: 200,
  params: idParams,
  body: z.strictObject({
    to: status,
    reason: z.string().trim().max(2000).optional(),
    accepted_until: calendarDate.optional(),
    /** Files of this vulnerability that an accepted risk or a false positive leans on. */
    evidence_file_ids: z.array(id).max(20).optional(),
    version: z.number().int().optional(),
  }),
  response: vulnerability,
})

export const updateVulnerability = defineRoute({
  id: 'updateVulnerability',
  method: 'PATCH',
  path: '/api/v1/vulnerabilities/:id',
  summary: 'Assign a vulnerability, or set by hand what the scan says otherwise',
  tag: 'Vulnerabilities',
  access: 'vulnerability.decide',
  status: 200,
  params: idParams,
  body: z.strictObject({
    assignee_id: id.nullable().optional(),
    /** All it is to carry from now on. */
    tags: z.array(tag).max(50).optional(),
    title: z.string().trim().min(1).max(500).optional(),
    description: z.string().max(50_000).optional(),
    severity: severity.optional(),
    /** Both, in place of a level. */
    impact: z.number().int().min(1).max(3).optional(),
    probability: z.number().int().min(1).max(3).optional(),
    /** CVSS 2.0, 3.0, 3.1 or 4.0, in place of a level. */
    cvss_vector: z.string().trim().max(400).optional(),
    /** Required with a severity of one's own, in whatever way it is given. */
    severity_reason: z.string().trim().max(2000).optional(),
    /** Takes the scan's word again. */
    reset: z
      .array(z.enum(['title', 'description', 'severity']))
      .max(3)
      .optional(),
    version: z.number().int().optional(),
  }),
  response: vulnerability,
})
