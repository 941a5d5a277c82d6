import * as z from 'zod'
import type { FindingKind } from '../finding-kind.ts'
import { chooseTemplate, type ItemTemplate, itemTemplates } from './item-templates.ts'

/** What an organization decides about the texts of items; a route may say otherwise. */
export const sendingRules = z.strictObject({
  templates: itemTemplates,
  /** Whether lines of code may leave for a tracker. */
  send_code: z.boolean(),
})
export type SendingRules = z.output<typeof sendingRules>

/** As long as nobody decided: texts as they are by default. */
export const defaultSending: SendingRules = { templates: {}, send_code: true }

/** What any route can say about the texts of items, whatever its tracker; what it leaves out is as the organization has it. */
export const routeSending = z.object({
  templates: itemTemplates.optional(),
  send_code: z.boolean().optional(),
})
export type RouteSending = z.output<typeof routeSending>

/** What holds for a vulnerability of this kind: the route's word before the organization's. */
export function resolveSending(
  organization: SendingRules,
  route: RouteSending,
  kind: FindingKind,
): { template: ItemTemplate; sendsCode: boolean } {
  return {
    template: chooseTemplate([route.templates ?? {}, organization.templates], kind),
    sendsCode: route.send_code ?? organization.send_code,
  }
}
