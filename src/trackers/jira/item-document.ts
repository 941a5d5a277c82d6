import { cutText } from '../../lib/cut-text.ts'
import type { AdfDocument } from './adf/adf-document.ts'
import { toAdf } from './adf/to-adf.ts'

/** Characters a description may have; as with comments, those of the whole document are counted to be safe. */
const longestDocument = 32_767

/** The text of an item as a description: one that is too long for Jira is cut. */
export function toItemDocument(markdown: string): AdfDocument {
  for (let length = Math.min(markdown.length, longestDocument); ; length = Math.floor(length * 0.8)) {
    const { document } = toAdf(cutText(markdown, length))
    if (JSON.stringify(document).length <= longestDocument || length < 100) return document
  }
}
