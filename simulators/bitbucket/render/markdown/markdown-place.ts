/** What the text is about: whom it can mention and what its numbers stand for. */
export interface MarkdownPlace {
  /** Address of the repository, without a slash at the end. */
  web: string
  /** Display name of the account `@{id}`. */
  findName: (accountId: string) => string | undefined
  findPullRequest: (id: number) => { title: string } | undefined
  /** Nothing where there is no issue tracker. */
  findIssue: (id: number) => { title: string; closed: boolean } | undefined
  /** Pictures as in the API, or characters for a page that loads nothing from elsewhere. */
  emoji: 'images' | 'characters'
}
