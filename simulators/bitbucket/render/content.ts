import type { JsonObject } from '../../shared/json.ts'
import { closedIssueStates } from '../model/issue-tracker.ts'
import { webRepositoryUrl } from './links.ts'
import type { MarkdownPlace } from './markdown/markdown-place.ts'
import { renderMarkdown } from './markdown.ts'
import type { Place } from './place.ts'

/** What a text in a repository can mention and link to. */
export function markdownPlace({ sim, repository }: Place, emoji: MarkdownPlace['emoji']): MarkdownPlace {
  return {
    web: webRepositoryUrl(sim, repository),
    findName: (accountId) => sim.people.find((one) => one.accountId === accountId)?.displayName,
    findPullRequest: (id) => repository.pullRequests.find((one) => one.id === id),
    findIssue: (id) => {
      if (sim.mode === '2026' || !repository.hasIssues) return undefined
      const found = repository.issues.find((one) => one.id === id)
      return found === undefined ? undefined : { title: found.title, closed: closedIssueStates.includes(found.state) }
    },
    emoji,
  }
}

export function renderContent(place: Place, raw: string | null): JsonObject {
  const html = raw === null ? '' : renderMarkdown(raw, markdownPlace(place, 'images'))
  return { type: 'rendered', raw, markup: 'markdown', html }
}
