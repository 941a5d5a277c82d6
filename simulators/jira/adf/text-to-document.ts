import type { Json, JsonObject } from '../../shared/json.ts'

function paragraph(text: string): JsonObject {
  const content: Json[] = text
    .split('\n')
    .flatMap((line, index): Json[] => [
      ...(index === 0 ? [] : [{ type: 'hardBreak' }]),
      ...(line === '' ? [] : [{ type: 'text', text: line }]),
    ])
  return { type: 'paragraph', content }
}

/** What a person types into a plain text box: empty lines part paragraphs, nothing else has a meaning. */
export function textToDocument(text: string): JsonObject {
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return { type: 'doc', version: 1, content: paragraphs.map(paragraph) }
}
