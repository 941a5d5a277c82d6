import * as z from 'zod'
import { routeSending } from '../../domain/sending/sending-rules.ts'
import { routeStates } from '../../domain/sending/state-maps.ts'
import { severities } from '../../domain/severity.ts'
import { statuses } from '../../domain/status.ts'
import type { AdfNode } from './adf/adf-document.ts'
import { remoteFiles } from './jira-file.ts'

const name = z.string().trim().min(1).max(255)
/** By id of the field, as Jira takes them: `{"customfield_10042": {"id": "10202"}}`. */
const fieldValues = z.record(z.string().min(1).max(255), z.unknown())

/** Settings of a route that leads here. */
export const settings = z.object({
  ...routeSending.shape,
  ...routeStates.shape,
  project: name.meta({ description: 'Id or key of the project.' }),
  issueType: name.meta({ description: 'Id of the issue type.' }),
  fields: fieldValues.default({}).meta({
    description:
      'Fixed values of fields, required and custom ones alike, by id: {"customfield_10042": {"id": "10202"}}',
  }),
  labels: z.array(z.string().regex(/^\S+$/, 'A label has no blanks.').max(255)).max(50).default([]),
  /** Name of the priority an issue gets, by severity; one that is left out gets the project's own. */
  priorities: z
    .partialRecord(z.enum(severities), name)
    .default({ critical: 'Highest', high: 'High', medium: 'Medium', low: 'Low', notification: 'Lowest' }),
  /** Whether an issue gets the vulnerability's deadline as its due date. */
  dueDate: z.boolean().default(true),
  /** Name of the status an issue is brought to, by ours; one that is left out: any of the right category. */
  statuses: z.partialRecord(z.enum(statuses), name).default({}),
  /** Name of the resolution given on the way to it, by status, where a screen asks. */
  resolutions: z.partialRecord(z.enum(statuses), name).default({}),
  /** Values of the other fields that screens on the way ask for. */
  transitionFields: fieldValues.default({}),
})

/** What bringing an issue to a status needs of the settings; no route left: as if none had been made. */
export const workflowSettings = settings.pick({ statuses: true, resolutions: true, transitionFields: true })
export type WorkflowSettings = z.output<typeof workflowSettings>

/** What is stored in `defect.remote`. Ids: they stay when the issue is moved and gets another key. */
export const remote = z.object({ issue: z.string(), project: z.string() })

/** Where a new issue goes. */
export const target = z.object({ project: z.string(), issueType: z.string() })

export const remoteStatus = z.object({
  id: z.string(),
  name: z.string(),
  /** `new`, `indeterminate`, `done`, or something yet to come. */
  statusCategory: z.object({ key: z.string() }),
})

export const remoteIssue = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.object({
    status: remoteStatus,
    updated: z.string(),
    project: z.object({ id: z.string() }),
    issuetype: z.object({ id: z.string() }).optional(),
    attachment: remoteFiles,
    summary: z.string().nullish(),
    priority: z.object({ name: z.string() }).nullish(),
    duedate: z.string().nullish(),
    labels: z.array(z.string()).nullish(),
  }),
  properties: z.record(z.string(), z.unknown()).optional(),
})
export type RemoteIssue = z.output<typeof remoteIssue>

const shownFields = ['summary', 'priority', 'duedate', 'labels'] as const
/** Fields of `remoteIssue`. */
export const issueFields = ['status', 'updated', 'project', 'issuetype', 'attachment', ...shownFields] as const

export const remoteTransitions = z.object({
  transitions: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      to: remoteStatus,
      isAvailable: z.boolean().optional(),
      fields: z
        .record(
          z.string(),
          z.object({ required: z.boolean(), name: z.string().optional(), hasDefaultValue: z.boolean().optional() }),
        )
        .optional(),
    }),
  ),
})

const mark = z.object({ type: z.string(), attrs: z.record(z.string(), z.unknown()).optional().catch(undefined) })
const node: z.ZodType<AdfNode> = z.lazy(() =>
  z.object({
    type: z.string(),
    text: z.string().optional(),
    attrs: z.record(z.string(), z.unknown()).optional().catch(undefined),
    marks: z.array(mark).optional(),
    content: z.array(node).optional(),
  }),
)

const moment = z
  .string()
  .transform((text) => new Date(text))
  .refine((at) => !Number.isNaN(at.getTime()), 'is no time')

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/ */
export const remoteAccount = z.object({
  accountId: z.string().optional(),
  displayName: z.string().optional(),
  /** Shown where its owner lets it be. */
  emailAddress: z.string().optional(),
  active: z.boolean().optional(),
  /** `atlassian` for people, `customer` for those of a service desk, `app` for programs. */
  accountType: z.string().optional(),
})

export const remoteComment = z.object({
  id: z.string(),
  /** Closed accounts may be missing. */
  author: remoteAccount.nullish(),
  body: z.object({ content: z.array(node).default([]) }),
  created: moment,
  updated: moment,
  parentId: z.union([z.string(), z.number()]).nullish(),
  properties: z.array(z.object({ key: z.string(), value: z.unknown() })).optional(),
})
export type RemoteComment = z.output<typeof remoteComment>
