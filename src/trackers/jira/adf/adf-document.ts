import * as z from 'zod'

/**
 * The Atlassian Document Format, read leniently: any node may come, what is unknown is named as lost.
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export type AdfNode = {
  type: string
  text?: string | undefined
  attrs?: Record<string, unknown> | undefined
  marks?: AdfMark[] | undefined
  content?: AdfNode[] | undefined
}
export type AdfMark = { type: string; attrs?: Record<string, unknown> | undefined }
export type AdfDocument = { type: 'doc'; version: 1; content: AdfNode[] }

const attrs = z.record(z.string(), z.unknown())
const adfMark = z.object({ type: z.string(), attrs: attrs.optional() })
const adfNode: z.ZodType<AdfNode> = z.lazy(() =>
  z.object({
    type: z.string(),
    text: z.string().optional(),
    attrs: attrs.optional(),
    marks: z.array(adfMark).optional(),
    content: z.array(adfNode).optional(),
  }),
)

/** A document as Jira answers it in a description or a comment. */
export const adfDocument = z.object({ type: z.literal('doc'), content: z.array(adfNode) })
