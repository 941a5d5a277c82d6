import * as z from 'zod'
import { contributorKinds, remoteKinds } from '../../src/domain/remote-kind.ts'
import { email, id, idParams, page, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const person = z.object({ id, name: z.string() })

/** An account at a remote that somebody was seen by there. */
export const contributor = z.object({
  id,
  kind: z.enum(contributorKinds),
  name: z.string(),
  nickname: z.string().nullable(),
  is_bot: z.boolean(),
  /** Nobody can log in with it any more. */
  is_closed: z.boolean(),
  member: person.nullable(),
  /** What says so: the e-mail address the remote shows, the same account at the other remote, or a person. */
  linked_by: z.enum(['email', 'account', 'person']).nullable(),
  /** A member of the same name: worth a look, and never taken for granted. */
  suggestion: person.nullable(),
  last_seen_at: timestamp,
  /** A person said whether a program has it; no pattern says otherwise. */
  is_bot_decided: z.boolean(),
  /** Name, nickname and addresses are gone for good. */
  is_anonymised: z.boolean(),
  /** Other accounts of the same person. */
  parts: z.array(z.object({ id, kind: z.enum(contributorKinds), name: z.string(), nickname: z.string().nullable() })),
})

export type Contributor = z.infer<typeof contributor>

const text = z.string().trim().max(200).optional()

export const listContributors = defineRoute({
  id: 'listContributors',
  method: 'GET',
  path: '/api/v1/contributors',
  summary: 'Accounts seen at Bitbucket and Jira with the members they belong to, seen last first',
  tag: 'Access',
  access: 'read',
  status: 200,
  query: z.strictObject({ ...pageQuery, text, linked: z.stringbool().optional() }),
  response: page(contributor),
})

export const updateContributor = defineRoute({
  id: 'updateContributor',
  method: 'PATCH',
  path: '/api/v1/contributors/:id',
  summary:
    'Say whose account it is (null: nobody’s here), or whether a program has it; no rule says otherwise after that',
  tag: 'Access',
  access: 'member.write',
  status: 200,
  params: idParams,
  body: z.strictObject({ member_id: id.nullable().optional(), is_bot: z.boolean().optional() }),
  response: contributor,
})

export const anonymiseContributor = defineRoute({
  id: 'anonymiseContributor',
  method: 'POST',
  path: '/api/v1/contributors/:id/anonymise',
  summary: 'Take a person’s name, nickname and addresses away for good; figures and history stay',
  tag: 'People',
  access: 'organization.write',
  status: 200,
  params: idParams,
  /** The name as it is shown: it cannot be taken back. */
  body: z.strictObject({ confirm: z.string().max(300) }),
  response: z.object({ name: z.string() }),
})

export const listContributorAddresses = defineRoute({
  id: 'listContributorAddresses',
  method: 'GET',
  path: '/api/v1/contributors/:id/addresses',
  summary: 'E-mail addresses of a person’s accounts and commits',
  tag: 'People',
  access: 'member.write',
  status: 200,
  params: idParams,
  response: z.object({
    items: z.array(z.object({ address: z.string(), source: z.enum(['remote', 'commit', 'person', 'file']) })),
  }),
})

export const addContributorAddress = defineRoute({
  id: 'addContributorAddress',
  method: 'POST',
  path: '/api/v1/contributors/:id/addresses',
  summary: 'Say that commits with an address are a person’s; a merge that can be taken back',
  tag: 'People',
  access: 'member.write',
  status: 204,
  params: idParams,
  body: z.strictObject({ address: email }),
})

/** Somebody a message can mean: exactly one of both ids is set. `name` tells all of an answer apart. */
export const mentionable = z.object({
  name: z.string(),
  member_id: id.nullable(),
  contributor_id: id.nullable(),
  /** Where they are called besides Weir. */
  at: z.array(z.enum(remoteKinds)),
})

export type Mentionable = z.infer<typeof mentionable>

export const listMentionable = defineRoute({
  id: 'listMentionable',
  method: 'GET',
  path: '/api/v1/mentionable',
  summary: 'Whom a message can call by name: members, and accounts seen that are nobody’s here; twenty at most',
  tag: 'Messages',
  access: 'message.write',
  status: 200,
  query: z.strictObject({ text }),
  response: z.object({ items: z.array(mentionable) }),
})
