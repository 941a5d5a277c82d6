import type { JsonObject } from '../../shared/json.ts'
import type { FoundLine } from '../git/search.ts'
import type { FoundFile } from '../operations/search-code.ts'
import type { Sim } from '../state.ts'
import { apiRepositoryUrl, href } from './links.ts'
import { renderCommitReference } from './place.ts'
import { renderRepositoryReference } from './repository.ts'

/** A text cut at the words found in it. */
function renderSegments(text: string, words: string[]): JsonObject[] {
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return text
    .split(new RegExp(`(${pattern})`, 'i'))
    .map((part, index): JsonObject => (index % 2 === 1 ? { text: part, match: true } : { text: part }))
    .filter((segment) => segment['text'] !== '')
}

/** Lines that stand together are one match. */
function group(lines: FoundLine[]): FoundLine[][] {
  const groups: FoundLine[][] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last !== undefined && last.at(-1)?.line === line.line - 1) last.push(line)
    else groups.push([line])
  }
  return groups
}

export function renderSearchResult(sim: Sim, words: string[], found: FoundFile): JsonObject {
  const { repository, hash, path, lines } = found
  const self = `${apiRepositoryUrl(sim, repository)}/src/${hash}/${path.split('/').map(encodeURIComponent).join('/')}`
  const commit = renderCommitReference({ sim, repository }, hash)
  return {
    type: 'code_search_result',
    content_match_count: lines.filter((line) => line.matches).length,
    content_matches: group(lines).map((together) => ({
      lines: together.map(({ line, text }) => ({ line, segments: renderSegments(text, words) })),
    })),
    path_matches: renderSegments(path, words),
    file: {
      path,
      type: 'commit_file',
      links: { self: href(self) },
      commit: { ...commit, repository: renderRepositoryReference(sim, repository) },
    },
  }
}
