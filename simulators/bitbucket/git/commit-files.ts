import { tryGit } from './run-git.ts'

export interface NewFile {
  path: string
  bytes: Buffer
  kind: 'file' | 'executable' | 'link'
}

interface NewCommit {
  branch: string
  /** null: a root commit. */
  parent: string | null
  message: string
  /** `Name <mail>` */
  author: string
  committer: string
  /** Seconds since 1970. */
  at: number
  files: NewFile[]
  removed: string[]
}

const modes = { file: '100644', executable: '100755', link: '120000' }

/** A path as fast-import reads it, whatever is in it. */
function quote(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
}

function data(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')])
}

/** Commits files on a branch, which must stand at the parent; false when git does not take them. */
export async function commitFiles(directory: string, commit: NewCommit): Promise<boolean> {
  const ref = `refs/heads/${commit.branch}`
  const stream = [
    Buffer.from(`commit ${ref}\nauthor ${commit.author} ${commit.at} +0000\n`),
    Buffer.from(`committer ${commit.committer} ${commit.at} +0000\n`),
    data(Buffer.from(commit.message)),
    // Without a `from` the new commit would have no parent.
    Buffer.from(commit.parent === null ? '' : `from ${commit.parent}\n`),
    ...commit.removed.map((path) => Buffer.from(`D ${quote(path)}\n`)),
    ...commit.files.flatMap((file) => [
      Buffer.from(`M ${modes[file.kind]} inline ${quote(file.path)}\n`),
      data(file.bytes),
    ]),
    Buffer.from('done\n'),
  ]
  const result = await tryGit(directory, ['fast-import', '--quiet', '--done'], { stdin: Buffer.concat(stream) })
  return result.code === 0
}
