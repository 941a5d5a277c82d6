import * as z from 'zod'
import { permissions } from '../../src/domain/permissions.ts'
import { email, id, name, role } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** 12 to 128 characters; common passwords are refused by the server. */
const newPassword = z.string().min(12).max(128)

export const session = z.object({
  member: z.object({ id, name: z.string(), email: z.string(), role }),
  organization: z.object({ id, name: z.string(), is_demo: z.boolean() }),
  permissions: z.array(z.enum(permissions)),
  unread_notifications: z.number().int(),
})

export type Session = z.infer<typeof session>

export const getSetup = defineRoute({
  id: 'getSetup',
  method: 'GET',
  path: '/api/v1/setup',
  summary: 'Whether the first organization still has to be made',
  tag: 'Access',
  access: 'public',
  status: 200,
  response: z.object({ needed: z.boolean(), is_demo: z.boolean(), version: z.string() }),
})

export const completeSetup = defineRoute({
  id: 'completeSetup',
  method: 'POST',
  path: '/api/v1/setup',
  summary: 'Make the first organization and its first administrator, then log in',
  tag: 'Access',
  access: 'public',
  status: 201,
  body: z.strictObject({
    setup_token: z.string().min(1).max(200),
    organization_name: name,
    name,
    email,
    password: newPassword,
  }),
  response: session,
})

export const logIn = defineRoute({
  id: 'logIn',
  method: 'POST',
  path: '/api/v1/session',
  summary: 'Log in with e-mail and password',
  tag: 'Access',
  access: 'public',
  status: 201,
  body: z.strictObject({ email: z.string().max(254), password: z.string().max(128) }),
  response: session,
})

export const getSession = defineRoute({
  id: 'getSession',
  method: 'GET',
  path: '/api/v1/session',
  summary: 'Who is logged in, where, and what they may do',
  tag: 'Access',
  access: 'read',
  status: 200,
  response: session,
})

export const logOut = defineRoute({
  id: 'logOut',
  method: 'DELETE',
  path: '/api/v1/session',
  summary: 'Log out',
  tag: 'Access',
  access: 'session',
  status: 204,
})

export const changePassword = defineRoute({
  id: 'changePassword',
  method: 'POST',
  path: '/api/v1/session/change-password',
  summary: 'Change the own password; every other session ends',
  tag: 'Access',
  access: 'session',
  status: 204,
  body: z.strictObject({ current_password: z.string().max(128), new_password: newPassword }),
})
