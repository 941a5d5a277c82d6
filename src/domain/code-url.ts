/**
 * The address of a place in Bitbucket's source view, at a commit or, where none is known, at a branch.
 * `https://bitbucket.org/harbour/quay/src/4f2a…/src/door.ts#lines-12:14`
 */
export function codeUrl(place: {
  repositoryUrl: string
  revision: string
  path: string
  startLine: number | null
  endLine: number | null
}): string {
  const { repositoryUrl, revision, path, startLine, endLine } = place
  const file = path.split('/').map(encodeURIComponent).join('/')
  const lines =
    startLine === null
      ? ''
      : endLine === null || endLine === startLine
        ? `#lines-${startLine}`
        : `#lines-${startLine}:${endLine}`
  return `${repositoryUrl.replace(/\/$/, '')}/src/${encodeURIComponent(revision)}/${file}${lines}`
}
