import { joinBlocks, readBlocks } from './markdown/blocks.ts'
import { renderInline } from './markdown/inline.ts'
import type { MarkdownPlace } from './markdown/markdown-place.ts'

/**
 * The part of Markdown people write in comments, as Bitbucket renders it (Python-Markdown with additions of its own).
 * HTML is escaped and visible; code is not coloured. Only what is escaped or written here reaches the markup.
 */
export function renderMarkdown(raw: string, place?: MarkdownPlace): string {
  const lines = raw.replace(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n')
  return joinBlocks(readBlocks(lines, { inline: (text) => renderInline(text, place), depth: 0 }))
}
