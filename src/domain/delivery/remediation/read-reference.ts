/** A pull request as people name it. `repository` null: of the repository that is meant anyway. */
export type PullRequestReference = { repository: { workspace: string; slug: string } | null; number: number }

const bare = /^#?(\d{1,9})$/
const named = /^([\w.-]{1,100})\/([\w.-]{1,100})#(\d{1,9})$/
const address = /^https?:\/\/[^/?#]{1,300}\/([\w.-]{1,100})\/([\w.-]{1,100})\/pull-requests\/(\d{1,9})(?:[/?#].*)?$/s

/** Reads `7`, `#7`, `workspace/repository#7` or an address of a pull request; undefined for anything else. */
export function readReference(text: string): PullRequestReference | undefined {
  const number = bare.exec(text)?.[1]
  if (number !== undefined) return { repository: null, number: Number(number) }
  const [, workspace, slug, last] = named.exec(text) ?? address.exec(text) ?? []
  if (workspace === undefined || slug === undefined || last === undefined) return undefined
  return { repository: { workspace, slug }, number: Number(last) }
}
