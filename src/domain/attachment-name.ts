/** Signs of an attachment's id that its name at a remote carries: enough that no two files of one item share them. */
const signs = 8

/**
 * The name a file gets at a remote: its own, with signs of its id before the ending. So it takes no other file's place
 * where names are unique, and an attempt that could not say so is found again: `trace.txt` becomes `trace-3f2a91c0.txt`.
 */
export function remoteFileName({ id, name }: { id: string; name: string }): string {
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? ''
  const stem = name.slice(0, name.length - ending.length)
  return `${plain(stem) || 'file'}-${id.replaceAll('-', '').slice(-signs)}${ending}`
}

/** Without what folders, addresses, headers and Markdown read as something else. */
function plain(stem: string): string {
  return stem
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    .replaceAll(/[\s_]+/g, '_')
    .replaceAll(/^[._-]+|[._-]+$/g, '')
    .slice(0, 80)
    .toWellFormed()
}
