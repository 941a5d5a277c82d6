import type { MergeUpload } from '../../../../contract/delivery/contributor-merges.ts'
import type { AccountMerge } from '../../../domain/people/group-accounts.ts'
import { digestAddress } from '../../../domain/people/pseudonym.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { listAccountsByName, listAddressOwners } from '../../../store/delivery/people/addresses.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { addMerges } from './add-merges.ts'
import { meetCommitAuthors } from './commit-authors.ts'
import { summarize } from './merge-contributors.ts'
import { type MergeLine, readMergeFile } from './read-merge-file.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Upload = { organizationId: string; csv: string; isDryRun: boolean; actor: AuditActor }

/** What a dry run is left by: everything was really done, and none of it stays. */
class DryRun extends Error {
  readonly answer: MergeUpload
  constructor(answer: MergeUpload) {
    super('A dry run changes nothing.')
    this.answer = answer
  }
}

/** Merges what a table says, line by line; lines that cannot be are told with the reason. Throws `validation_failed`. */
export async function importMerges(deps: Deps, upload: Upload): Promise<MergeUpload> {
  const lines = readMergeFile(upload.csv)
  try {
    return await deps.db.transaction().execute(async (tx) => {
      const answer = await takeLines(deps, tx, { ...upload, lines })
      if (upload.isDryRun) throw new DryRun({ ...answer, upload_id: null })
      return answer
    })
  } catch (error) {
    if (error instanceof DryRun) return error.answer
    throw error
  }
}

async function takeLines(
  deps: Deps,
  tx: Db,
  { organizationId, lines, actor }: Upload & { lines: readonly MergeLine[] },
): Promise<MergeUpload> {
  const known = await resolve(deps, tx, { organizationId, lines })
  const batchId = deps.newId()
  const merges = known.flatMap(({ line, pairs }) => pairs.map((pair) => ({ ...pair, line })))
  const context = { organizationId, source: 'file', batchId, madeBy: actor.name } as const
  const verdicts = await addMerges(deps, tx, { ...context, merges })
  const told = verdicts.map((verdict, index) => ({ ...verdict, line: merges[index]?.line ?? 0 }))
  const merged = told.filter(({ outcome }) => outcome === 'merged').length
  if (merged > 0)
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'contributor.merged',
      after: { upload_id: batchId, summary: summarize(merged) },
    })
  const refused = [
    ...known.flatMap(({ line, reason }) => (reason === null ? [] : [{ line, reason }])),
    ...told.flatMap(({ line, outcome, reason }) => (outcome === 'refused' ? [{ line, reason: reason ?? '' }] : [])),
  ]
  return {
    lines: lines.length,
    merged,
    already: told.filter(({ outcome }) => outcome === 'already').length,
    refused: refused.toSorted((a, b) => a.line - b.line),
    upload_id: merged > 0 ? batchId : null,
  }
}

type Resolved = { line: number; pairs: AccountMerge[]; reason: string | null }

/** Whom the cells mean. An address nobody has yet, as `account`, becomes a commit's author of its own to be merged. */
async function resolve(
  deps: Deps,
  tx: Db,
  { organizationId, lines }: { organizationId: string; lines: readonly MergeLine[] },
): Promise<Resolved[]> {
  const cells = [...new Set(lines.flatMap(({ person, account }) => [person, account]))]
  const addresses = cells.filter(isAddress).map((cell) => cell.toLowerCase())
  const kept = addresses.flatMap((address) => [address, digestAddress(address, organizationId)])
  const owners = await listAddressOwners(tx, { organizationId, addresses: kept })
  const ownerOf = (cell: string) => owners.get(cell.toLowerCase()) ?? owners.get(digestAddress(cell, organizationId))
  const named = await listAccountsByName(tx, { organizationId, names: cells.filter((cell) => !isAddress(cell)) })
  const byName = Map.groupBy(named, ({ name }) => name)
  const find = (cell: string): string[] => {
    const owner = isAddress(cell) ? ownerOf(cell) : undefined
    return owner === undefined ? (byName.get(cell)?.map(({ id }) => id) ?? []) : [owner]
  }
  const news = lines.filter(
    ({ person, account }) => find(person).length > 0 && isAddress(account) && find(account).length === 0,
  )
  const made = await meetCommitAuthors(deps, tx, {
    organizationId,
    source: 'file',
    authors: news.map(({ account }) => ({ address: account, name: null, seenAt: deps.clock() })),
  })
  return lines.map(({ line, person, account }) => {
    const [into] = find(person)
    const fresh = made.get(account.toLowerCase())
    const from = fresh === undefined ? find(account) : [fresh]
    const unknown = into === undefined ? person : account
    if (into === undefined || from.length === 0) return { line, pairs: [], reason: describeUnknown(unknown) }
    const others = from.filter((id) => id !== into)
    if (others.length === 0) return { line, pairs: [{ from: into, into }], reason: null }
    return { line, pairs: others.map((id) => ({ from: id, into })), reason: null }
  })
}

function isAddress(cell: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(cell)
}

function describeUnknown(cell: string): string {
  if (cell === '') return 'Both columns need something in them.'
  return isAddress(cell)
    ? `Nobody here has the address ${cell}.`
    : `Nobody here has the account “${cell}”. Names are not taken: several people may have one.`
}
