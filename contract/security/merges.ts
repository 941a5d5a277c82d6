import * as z from 'zod'
import { findingKinds } from '../../src/domain/finding-kind.ts'
import { likenessReasons } from '../../src/domain/likeness.ts'
import { id, idParams, severity, status } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { vulnerability } from './vulnerabilities.ts'

const reason = z.string().trim().max(2000).optional()

/** A vulnerability that another one is a part of, or has taken in. */
export const relatedVulnerability = z.object({
  id,
  number: z.number().int(),
  title: z.string(),
  severity,
  status,
  messages: z.number().int(),
  /** Items in trackers that still belong to it. */
  items: z.number().int(),
  /** Whether a merge or split is what holds the two; false for what was split off and came back. */
  can_undo: z.boolean(),
})

export type RelatedVulnerability = z.infer<typeof relatedVulnerability>

export const vulnerabilityMerges = z.object({
  /** The one this is a part of; null for one that stands for itself. */
  merged_into: relatedVulnerability.nullable(),
  /** Those that are a part of this one. */
  merged: z.array(relatedVulnerability),
  /** The one this was split off. */
  split_from: relatedVulnerability.nullable(),
  /** Those that were split off this one. */
  split_off: z.array(relatedVulnerability),
})

export type VulnerabilityMerges = z.infer<typeof vulnerabilityMerges>

export const listVulnerabilityMerges = defineRoute({
  id: 'listVulnerabilityMerges',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/merges',
  summary: 'What a vulnerability was merged into, has taken in, and was split off',
  tag: 'Vulnerabilities',
  access: 'read',
  status: 200,
  params: idParams,
  response: vulnerabilityMerges,
})

export const mergeCandidates = z.object({
  /** The most alike first. */
  items: z.array(
    z.object({
      id,
      number: z.number().int(),
      title: z.string(),
      severity,
      status,
      kind: z.enum(findingKinds),
      scanner: z.string(),
      path: z.string().nullable(),
      line: z.number().int().nullable(),
      /** What the two have in common; empty for what only lies in the same asset and branch. */
      reasons: z.array(z.enum(likenessReasons)),
      /** Within one file, where both lines are known. */
      lines_apart: z.number().int().nullable(),
    }),
  ),
  /** A search narrows to what is not in it. */
  has_more: z.boolean(),
})

export type MergeCandidates = z.infer<typeof mergeCandidates>

export const listMergeCandidates = defineRoute({
  id: 'listMergeCandidates',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/merge-candidates',
  summary:
    'What a vulnerability may be merged with, of its asset and branch: the most alike first, with what they have in common',
  tag: 'Vulnerabilities',
  access: 'read',
  status: 200,
  params: idParams,
  /** As `q` of the list: words of title, rule and path, a number, an advisory or a pasted address. */
  query: z.strictObject({ q: z.string().max(300).optional() }),
  response: mergeCandidates,
})

export const mergeVulnerabilities = defineRoute({
  id: 'mergeVulnerabilities',
  method: 'POST',
  path: '/api/v1/vulnerabilities/merge',
  summary: 'Make one vulnerability of several of one asset and branch; answers the one that stays',
  tag: 'Vulnerabilities',
  access: 'vulnerability.decide',
  status: 200,
  body: z.strictObject({
    /** The one that stays: its words, status, thread and items are those of the whole. */
    into: id,
    /** The ones that become a part of it. */
    ids: z.array(id).min(1).max(49),
    reason,
  }),
  response: vulnerability,
})

export const unmergeVulnerability = defineRoute({
  id: 'unmergeVulnerability',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/unmerge',
  summary: 'Make a merged vulnerability itself again, with the findings it brought',
  tag: 'Vulnerabilities',
  access: 'vulnerability.decide',
  status: 200,
  params: idParams,
  response: vulnerability,
})

export const splitVulnerability = defineRoute({
  id: 'splitVulnerability',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/split',
  summary: 'Take findings out of a vulnerability and make a new one of them; answers the new one',
  tag: 'Vulnerabilities',
  access: 'vulnerability.decide',
  status: 200,
  params: idParams,
  body: z.strictObject({ finding_ids: z.array(id).min(1).max(1000), reason }),
  response: vulnerability,
})

export const unsplitVulnerability = defineRoute({
  id: 'unsplitVulnerability',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/unsplit',
  summary: 'Bring what was split off back to where it was; answers the vulnerability it is in again',
  tag: 'Vulnerabilities',
  access: 'vulnerability.decide',
  status: 200,
  params: idParams,
  response: vulnerability,
})
