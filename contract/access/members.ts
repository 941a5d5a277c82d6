import * as z from 'zod'
import { email, id, idParams, name, page, pageQuery, role, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { session } from './session.ts'

export const member = z.object({
  id,
  name: z.string(),
  email: z.string(),
  role,
  disabled_at: timestamp.nullable(),
  created_at: timestamp,
})

export type Member = z.infer<typeof member>

export const listMembers = defineRoute({
  id: 'listMembers',
  method: 'GET',
  path: '/api/v1/members',
  summary: 'Members of the organization',
  tag: 'Access',
  access: 'read',
  status: 200,
  query: z.strictObject(pageQuery),
  response: page(member),
})

export const updateMember = defineRoute({
  id: 'updateMember',
  method: 'PATCH',
  path: '/api/v1/members/:id',
  summary: "Change a member's role, or disable and enable them (acts on the next request)",
  tag: 'Access',
  access: 'member.write',
  status: 200,
  params: idParams,
  body: z.strictObject({ role: role.optional(), disabled: z.boolean().optional() }),
  response: member,
})

export const invitation = z.object({ id, email: z.string(), role, expires_at: timestamp, created_at: timestamp })

export type Invitation = z.infer<typeof invitation>

export const listInvitations = defineRoute({
  id: 'listInvitations',
  method: 'GET',
  path: '/api/v1/invitations',
  summary: 'Invitations that are still open',
  tag: 'Access',
  access: 'member.write',
  status: 200,
  query: z.strictObject(pageQuery),
  response: page(invitation),
})

export const createInvitation = defineRoute({
  id: 'createInvitation',
  method: 'POST',
  path: '/api/v1/invitations',
  summary: 'Invite somebody; the link is shown once, works once and ends after 7 days',
  tag: 'Access',
  access: 'member.write',
  status: 201,
  body: z.strictObject({ email, role }),
  response: z.object({ invitation, link: z.string() }),
})

export const revokeInvitation = defineRoute({
  id: 'revokeInvitation',
  method: 'DELETE',
  path: '/api/v1/invitations/:id',
  summary: 'Take an invitation back',
  tag: 'Access',
  access: 'member.write',
  status: 204,
  params: idParams,
})

export const findInvitation = defineRoute({
  id: 'findInvitation',
  method: 'POST',
  path: '/api/v1/invitations/look-up',
  summary: 'What an invitation link is for (the token stays out of addresses)',
  tag: 'Access',
  access: 'public',
  status: 200,
  body: z.strictObject({ token: z.string().min(1).max(300) }),
  response: z.object({ organization_name: z.string(), email: z.string(), role, has_account: z.boolean() }),
})

export const acceptInvitation = defineRoute({
  id: 'acceptInvitation',
  method: 'POST',
  path: '/api/v1/invitations/accept',
  summary: 'Accept an invitation and log in; an existing account proves itself by its password',
  tag: 'Access',
  access: 'public',
  status: 201,
  body: z.strictObject({
    token: z.string().min(1).max(300),
    name: name.optional(),
    password: z.string().min(1).max(128),
  }),
  response: session,
})
