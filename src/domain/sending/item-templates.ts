import * as z from 'zod'
import { type FindingKind, findingKinds } from '../finding-kind.ts'
import { defaultItemTemplate, findTemplateProblem } from './item-placeholders.ts'

const templateText = (of: 'title' | 'body', longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .superRefine((text, context) => {
      const problem = findTemplateProblem(text, of)
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
    })

const title = templateText('title', 200).regex(/^[^\n]*$/, 'A title is one line.')
const body = templateText('body', 8000)

/** Templates by kind of vulnerability; `any` holds for the kinds that have none. What is left out is as it is by default. */
export const itemTemplates = z.partialRecord(
  z.enum(['any', ...findingKinds]),
  z.strictObject({ title: title.optional(), body: body.optional() }),
)
export type ItemTemplates = z.output<typeof itemTemplates>
export type ItemTemplate = { title: string; body: string }

/** The template of one kind: the first of `layers` that says something, its own before the one for any kind. */
export function chooseTemplate(layers: readonly ItemTemplates[], kind: FindingKind): ItemTemplate {
  const said = layers.flatMap((layer) => [layer[kind], layer.any]).filter((one) => one !== undefined)
  return {
    title: said.find((one) => one.title !== undefined)?.title ?? defaultItemTemplate.title,
    body: said.find((one) => one.body !== undefined)?.body ?? defaultItemTemplate.body,
  }
}
