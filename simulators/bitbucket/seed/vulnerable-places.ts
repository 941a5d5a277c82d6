import { buildHistory, lineOf } from './build-history.ts'
import { seedRepositories } from './repositories.ts'
import type { SeedPlace } from './seed-repository.ts'

export interface VulnerablePlace {
  repository: string
  rule: string
  title: string
  cwe: number
  severity: SeedPlace['severity']
  path: string
  /** Line on the main branch (from 1), and its text; null when only the pull request has it. */
  line: number | null
  snippet: string | null
  /** An open pull request whose diff holds the line. */
  pullRequest: { id: number; source: string; line: number; snippet: string } | null
}

/** Every known weakness of the seeded repositories with its line, so that a report can be made that fits them. */
export function vulnerablePlaces(): VulnerablePlace[] {
  return seedRepositories.flatMap((repository) => {
    const { trees } = buildHistory(repository, 0)
    const read = (branch: string, path: string, needle: string) => {
      const text = trees.get(branch)?.get(path)
      const line = lineOf(text, needle)
      return { line, snippet: text?.split('\n')[line - 1]?.trim() ?? '' }
    }
    return repository.places.map((place): VulnerablePlace => {
      const { needle, pullRequest, path, ...facts } = place
      const onMain = needle === null ? { line: null, snippet: null } : read('main', path, needle)
      const id = repository.pullRequests.findIndex((one) => one.source === pullRequest?.source) + 1
      return {
        repository: repository.slug,
        ...facts,
        path,
        ...onMain,
        pullRequest:
          pullRequest === undefined
            ? null
            : { id, source: pullRequest.source, ...read(pullRequest.source, path, pullRequest.needle) },
      }
    })
  })
}
