import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

/**
 * Only git sees the pushed commits before they are let in, so history is compared there. Whatever it is about to do to
 * a branch has to be in the list: a push can say it in ways that nobody but git reads.
 */
const hook = `#!/bin/sh
status=0
while read -r old new ref; do
  case $ref in refs/heads/*) ;; *) continue ;; esac
  if grep -Fqx -e "free $old $new $ref" "$PUSH_VERDICTS"; then continue; fi
  if grep -Fqx -e "forward $old $new $ref" "$PUSH_VERDICTS" && git merge-base --is-ancestor "$old" "$new"; then continue; fi
  echo "Permission denied to update branch \${ref#refs/heads/}."
  status=1
done
exit $status
`

/** `free`: may be done; `forward`: if nothing is lost by it; undefined: not at all. */
function verdictOn({ repository, actor }: Acting, { from, to, ref }: PushCommand): 'free' | 'forward' | undefined {
  const stopped = (kinds: RestrictionKind[]) =>
    isStopped(repository, actor, { branch: ref.slice('refs/heads/'.length), kinds })
  if (stopped(none.test(to) ? ['push', 'delete'] : ['push'])) return undefined
  return !none.test(from) && !none.test(to) && stopped(['force']) ? 'forward' : 'free'
}

/** What git has to be told to keep a push within the branch restrictions; `end` when it is through. */
export async function guardPush(
  sim: Sim,
  acting: Acting,
  body: Buffer,
): Promise<{ environment: Record<string, string>; end: () => Promise<void> }> {
  if (acting.repository.restrictions.length === 0) return { environment: {}, end: async () => undefined }
  const verdicts = readPushCommands(body)
    .filter(({ ref }) => ref.startsWith('refs/heads/'))
    .map((command) => ({ ...command, verdict: verdictOn(acting, command) }))
    .filter(({ verdict }) => verdict !== undefined)
    .map(({ verdict, from, to, ref }) => `${verdict} ${from} ${to} ${ref}\n`)
  // One of its own for each push: others read theirs meanwhile.
  const folder = await mkdtemp(join(sim.gitRoot, 'push-'))
  await writeFile(join(folder, 'pre-receive'), hook, { mode: 0o755 })
  await writeFile(join(folder, 'verdicts'), verdicts.join(''))
  return {
    environment: { GIT_CONFIG_VALUE_0: folder, PUSH_VERDICTS: join(folder, 'verdicts') },
    end: async () => await rm(folder, { recursive: true, force: true }),
  }
}
