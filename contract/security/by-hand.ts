import * as z from 'zod'
import { findingKinds } from '../../src/domain/finding-kind.ts'
import { id, severity } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { tag } from './assets.ts'
import { vulnerability } from './vulnerabilities.ts'

/** 1 low, 2 medium, 3 high. */
export const impactLevel = z.number().int().min(1).max(3)
export const findingKind = z.enum(findingKinds)
export const cwe = z.number().int().min(1).max(9999)
/** Markdown. */
export const longText = z.string().trim().max(30_000)

/**
 * Rated in one of three ways: `severity`, `impact` with `probability`, or `cvss_vector`. With `template_id` everything
 * that is left out comes from the template, and `{{asset}}` and `{{branch}}` are filled in the texts.
 */
export const newVulnerability = z.strictObject({
  asset_id: id,
  /** Left out: the asset's default branch. */
  branch: z.string().trim().min(1).max(255).optional(),
  template_id: id.optional(),
  title: z.string().trim().min(1).max(300).optional(),
  description: longText.optional(),
  kind: findingKind.optional(),
  /** A file in the repository; `line` within it. */
  path: z.string().trim().min(1).max(1000).optional(),
  line: z.number().int().min(1).max(10_000_000).optional(),
  /** An address or a parameter instead of a file. */
  endpoint: z.string().trim().min(1).max(1000).optional(),
  cwes: z.array(cwe).max(20).optional(),
  severity: severity.optional(),
  impact: impactLevel.optional(),
  probability: impactLevel.optional(),
  cvss_vector: z.string().trim().max(400).optional(),
  tags: z.array(tag).max(50).optional(),
  assignee_id: id.optional(),
})

export type NewVulnerabilityBody = z.infer<typeof newVulnerability>

export const createVulnerability = defineRoute({
  id: 'createVulnerability',
  method: 'POST',
  path: '/api/v1/vulnerabilities',
  summary: 'Write down a vulnerability that no scanner reported; policies send it as they do imported ones',
  tag: 'Vulnerabilities',
  access: 'vulnerability.decide',
  status: 201,
  body: newVulnerability,
  response: vulnerability,
})
