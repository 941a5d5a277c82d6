import type { JsonObject } from '../../shared/json.ts'
import { renderMarkdown } from './markdown.ts'

export function renderContent(raw: string | null): JsonObject {
  return { type: 'rendered', raw, markup: 'markdown', html: raw === null ? '' : renderMarkdown(raw) }
}
