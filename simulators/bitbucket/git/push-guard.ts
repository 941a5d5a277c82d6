import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { RestrictionKind } from '../model/administration.ts'
import { isStopped } from '../operations/branch-restrictions.ts'
import type { Acting } from '../operations/pull-requests.ts'
import type { Sim } from '../state.ts'

interface PushCommand {
  /** 40 zeros: made or deleted. */
  from: string
  to: string
  ref: string
}

const none = /^0+$/

/** What a push asks for: the lines in front of its pack. */
export function readPushCommands(body: Buffer): PushCommand[] {
  const commands: PushCommand[] = []
  let at = 0
  while (at + 4 <= body.length) {
    const length = Number.parseInt(body.subarray(at, at + 4).toString('latin1'), 16)
    // A flush ends the list; what is no length at all is none of ours to explain.
    if (!(length > 4)) break
    const line = body.subarray(at + 4, at + length).toString('utf8')
    const [, from = '', to = '', ref = ''] = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([^\0\n]+)/.exec(line) ?? []
    if (ref !== '') commands.push({ from, to, ref })
    at += length
  }
  return commands
}

/** Only git sees the pushed commits before they are let in, so history is compared there. */
const hook = `#!/bin/sh
status=0
while read -r old new ref; do
  refused=no
  case " $PUSH_REFUSED " in *" $ref "*) refused=yes ;; esac
  case " $PUSH_FORWARD_ONLY " in
    *" $ref "*) git merge-base --is-ancestor "$old" "$new" || refused=yes ;;
  esac
  if [ $refused = yes ]; then
    echo "Permission denied to update branch \${ref#refs/heads/}."
    status=1
  fi
done
exit $status
`

function namesOf(commands: readonly PushCommand[]): string {
  return commands.map(({ ref }) => ref).join(' ')
}

/** What git has to be told to keep a push within the branch restrictions; undefined where it touches none. */
export async function guardPush(
  sim: Sim,
  { repository, actor }: Acting,
  push: { body: Buffer; encoding: string | undefined },
): Promise<Record<string, string> | undefined> {
  if (repository.restrictions.length === 0) return undefined
  const body = push.encoding === 'gzip' ? gunzipSync(push.body) : push.body
  const branches = readPushCommands(body).filter(({ ref }) => ref.startsWith('refs/heads/'))
  const stopped = ({ ref }: PushCommand, kinds: RestrictionKind[]) =>
    isStopped(repository, actor, { branch: ref.slice('refs/heads/'.length), kinds })
  const refused = branches.filter((one) => stopped(one, none.test(one.to) ? ['push', 'delete'] : ['push']))
  const forwardOnly = branches.filter((one) => !none.test(one.from) && !none.test(one.to) && stopped(one, ['force']))
  if (refused.length + forwardOnly.length === 0) return undefined
  const folder = join(sim.gitRoot, 'push-guard')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'pre-receive'), hook, { mode: 0o755 })
  return { PUSH_REFUSED: namesOf(refused), PUSH_FORWARD_ONLY: namesOf(forwardOnly), GIT_CONFIG_VALUE_0: folder }
}
