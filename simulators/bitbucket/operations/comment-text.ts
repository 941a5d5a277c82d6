import { badRequest } from '../simulator-error.ts'

/** Characters a comment may have. */
const longestComment = 32_768

/** The text of a comment, when it is one the remote takes. */
export function readCommentText(raw: string | undefined): string {
  if (raw === undefined) throw badRequest('Bad request', { content: ['This field is required.'] })
  if (raw.trim() === '') throw badRequest('Bad request', { 'content.raw': ['This field may not be blank.'] })
  if (raw.length > longestComment)
    throw badRequest('Bad request', {
      'content.raw': [`Ensure this field has no more than ${longestComment} characters.`],
    })
  return raw
}
