/**
 * A node of the Atlassian Document Format as far as it is read: any type may come, what is unknown is named as lost.
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
