import { Html } from '../../shared/html.ts'
import { renderMarkdown } from '../render/markdown.ts'

/** Text people wrote, as Markdown; its renderer escapes what it is given. */
export function markdown(raw: string): Html {
  return new Html(renderMarkdown(raw))
}
