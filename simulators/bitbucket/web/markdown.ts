import { Html } from '../../shared/html.ts'
import { markdownPlace } from '../render/content.ts'
import { renderMarkdown } from '../render/markdown.ts'
import type { Place } from '../render/place.ts'
import { repositoryBase } from './visit.ts'

/** Text people wrote, as Markdown; its renderer escapes what it is given. Links stay on this server, whatever it is called. */
export function markdown({ sim, repository }: Place, raw: string): Html {
  const place = markdownPlace({ sim, repository }, 'characters')
  return new Html(renderMarkdown(raw, { ...place, web: repositoryBase(repository) }))
}
