import type { AdfNode } from './adf-document.ts'

/** What an account id may be made of, so that it can stand in a text as `@{id}`. */
export const accountPattern = /^[\w:.-]{1,128}$/

/** Account ids a document mentions, with their names as it shows them, without the @. */
export function listMentions(content: readonly AdfNode[]): ReadonlyMap<string, string> {
  return new Map(content.flatMap((node) => mentionsOf(node)))
}

function mentionsOf({ type, attrs = {}, content = [] }: AdfNode): [string, string][] {
  const { id, text } = attrs
  const own: [string, string][] =
    type === 'mention' && typeof id === 'string' && typeof text === 'string' ? [[id, text.replace(/^@/, '')]] : []
  return [...own, ...content.flatMap((node) => mentionsOf(node))]
}
