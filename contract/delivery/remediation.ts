import * as z from 'zod'
import { pullRequestStates } from '../../src/domain/delivery/pull-request-facts.ts'
import { linkCertainties, linkRules } from '../../src/domain/delivery/remediation/choose-links.ts'
import { placeStates, unknownPlaceReasons } from '../../src/domain/delivery/remediation/place-states.ts'
import { deadlineStates } from '../../src/domain/delivery/remediation/settle-deadline.ts'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const moment = timestamp.nullable()
const seconds = z.number().int().nullable()

/** Where a fixed vulnerability stood when a scan last saw it, and what became of that. */
export const removedPlace = z.object({
  path: z.string(),
  line: z.number().int(),
  /** `kept`: the line stands as it did; `wanted`: it is being looked up; `unknown`: nobody can say. */
  state: z.enum(placeStates),
  /** Why it is not known, or not yet. */
  reason: z.enum(unknownPlaceReasons).nullable(),
  /** The commits that were scanned: the last with it, and the first without it. */
  seen_in: z.string().nullable(),
  gone_in: z.string().nullable(),
  /** The first commit of the branch without the line, and where the line stood right before. */
  removed: z
    .object({
      commit: z.string(),
      path: z.string(),
      line: z.number().int(),
      /** `workspace/repository#number`; null where it came with no pull request that is known here. */
      pull_request: z.string().nullable(),
    })
    .nullable(),
})
export type RemovedPlace = z.infer<typeof removedPlace>

/** A pull request that remedies a vulnerability, or that somebody said does not. */
export const remediation = z.object({
  /** `workspace/repository#number`: what it is called by. */
  pull_request: z.string(),
  repository: z.object({ id, name: z.string() }),
  number: z.number().int(),
  title: z.string(),
  web_url: z.string(),
  state: z.enum(pullRequestStates),
  opened_at: timestamp,
  merged_at: moment,
  deployed_at: moment,
  /** Where its key stands, or why else; none where somebody took it away. */
  rules: z.array(z.enum(linkRules)),
  /** How sure the surest of them is; null where none says so. */
  certainty: z.enum(linkCertainties).nullable(),
  /** The one the stages are of: it completes the fix, or is farthest from it. */
  is_last: z.boolean(),
  /** What a member said against or for it, and is not taken back. */
  decision: z.object({ is_linked: z.boolean(), member_name: z.string(), at: timestamp }).nullable(),
})
export type Remediation = z.infer<typeof remediation>

export const vulnerabilityFlow = z.object({
  /** Null until it is worked out for the first time, which takes seconds, and for a part of another vulnerability. */
  computed_at: moment,
  found_at: timestamp,
  introduced_at: moment,
  /** A production deployment that contains what was scanned; else it counts from when it was found. */
  introduced_by: z.enum(['deployment', 'found']).nullable(),
  triaged_at: moment,
  sent_at: moment,
  /** Of the last pull request needed. */
  pr_opened_at: moment,
  first_review_at: moment,
  first_approval_at: moment,
  merged_at: moment,
  deployed_at: moment,
  /** When a scan or a person said it is fixed. */
  fixed_at: moment,
  /** Each from the end of the one before it that happened; those that are not null add up to `lead`. */
  stages: z.object({
    triage: seconds,
    to_pr: seconds,
    pickup: seconds,
    review: seconds,
    merge_wait: seconds,
    deploy: seconds,
    lead: seconds,
  }),
  /** Until the fix was deployed; until now while it is not. */
  exposure: z.object({ seconds, is_over: z.boolean() }),
  deadline: z.object({ due_at: moment, state: z.enum(deadlineStates) }),
  /** Why it is in no figure. */
  left_out: z.string().nullable(),
  flags: z.array(z.string()),
  links: z.array(remediation),
  /** Of what a scan found fixed: the places of its findings. */
  places: z.array(removedPlace),
})
export type VulnerabilityFlow = z.infer<typeof vulnerabilityFlow>

export const getVulnerabilityFlow = defineRoute({
  id: 'getVulnerabilityFlow',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/flow',
  summary: 'The way of a vulnerability from found to fixed in production',
  tag: 'Vulnerabilities',
  access: 'read',
  status: 200,
  params: idParams,
  response: vulnerabilityFlow,
})

export const decideRemediation = defineRoute({
  id: 'decideRemediation',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/remediations',
  summary: 'Say that a pull request remedies a vulnerability, that it does not, or that the rules decide',
  tag: 'Vulnerabilities',
  access: 'vulnerability.work',
  status: 200,
  params: idParams,
  body: z.strictObject({
    /** Its number in the asset's repository, `workspace/repository#number`, or its address. */
    pull_request: z.string().trim().min(1).max(2000),
    /** Null: what the rules say counts again. */
    is_linked: z.boolean().nullable(),
  }),
  response: vulnerabilityFlow,
})
