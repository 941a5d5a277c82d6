import { redact } from '../../../domain/sending/redact.ts'
import type { Db } from '../../../store/db.ts'
import { listSnippets, type OpenOfBranch } from '../../../store/sync/commit-reports.ts'
import { readSending } from '../compose-content.ts'

type Wish = {
  organizationId: string
  worst: readonly OpenOfBranch[]
  /** As the route has it; null: as the organization does. */
  sendsCode: boolean | null
}

/** What a commit, its annotations and a summary name, without secrets and without code that may not leave. */
export async function redactTold(db: Db, { organizationId, worst, sendsCode: asked }: Wish): Promise<OpenOfBranch[]> {
  const sendsCode = asked ?? (await readSending(db, organizationId)).send_code
  const snippets = sendsCode
    ? new Map<string, string>()
    : await listSnippets(db, { organizationId, vulnerabilityIds: worst.map(({ id }) => id) })
  return worst.map((one) => {
    const redaction = { isSecret: one.kind === 'secret', sendsCode, snippet: snippets.get(one.id) ?? null }
    return { ...one, title: redact(one.title, redaction) }
  })
}
