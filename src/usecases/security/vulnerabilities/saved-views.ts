import type { SavedView } from '../../../../contract/security/saved-views.ts'
import { isPermitted, type Role, type TokenScope } from '../../../domain/permissions.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  deleteSavedView as deleteRow,
  findViewNamed,
  insertSavedView,
  listSavedViews as listRows,
  type SavedViewRow,
  setDefaultView,
  unsetDefaultView,
  updateSavedView as updateRow,
} from '../../../store/security/saved-views.ts'
import { violatedConstraint } from '../../../store/violated-constraint.ts'
import { type AuditActor, type AuditEntry, recordAudit } from '../../access/audit.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
/** Who asks: their own views they keep as they like, those of the organization only who decides. */
export type ViewKeeper = {
  organizationId: string
  memberId: string
  role: Role
  scopes: readonly TokenScope[] | null
  actor: AuditActor
}
type Wish = {
  name?: string | undefined
  search?: string | undefined
  is_shared?: boolean | undefined
  is_default?: boolean | undefined
}

export async function listSavedViews(
  deps: { db: Db },
  scope: { organizationId: string; memberId: string },
): Promise<{ items: SavedView[] }> {
  return { items: (await listRows(deps.db, scope)).map(toView) }
}

/** Throws `forbidden` for one of the organization without the role, `conflict` for a name that is taken. */
export async function createSavedView(
  deps: Deps,
  input: { keeper: ViewKeeper; view: Wish & { name: string; search: string } },
): Promise<SavedView> {
  const id = deps.newId()
  await orNameTaken(
    input.view.name,
    deps.db.transaction().execute((tx) => create(deps, tx, { ...input, id })),
  )
  return getView(deps.db, input.keeper, id)
}

async function create(
  deps: Deps,
  tx: Db,
  { keeper, view, id }: { keeper: ViewKeeper; view: Wish & { name: string; search: string }; id: string },
): Promise<void> {
  const { organizationId } = keeper
  const isShared = view.is_shared ?? false
  if (isShared) requireDecider(keeper)
  const memberId = isShared ? null : keeper.memberId
  await requireName(tx, { organizationId, memberId, name: view.name, id })
  await requireRoom(tx, keeper, isShared)
  const { name, search } = view
  await insertSavedView(tx, {
    organizationId,
    id,
    memberId,
    name,
    search,
    createdBy: keeper.memberId,
    now: deps.clock(),
  })
  if (view.is_default === true) await setDefaultView(tx, { organizationId, id, memberId: keeper.memberId })
  if (isShared) await record(deps, tx, { keeper, id, action: 'saved_view.shared', after: { name, search } })
}

/** Throws `not_found`, `forbidden`, or `conflict` for a name that is taken and for a view that changed meanwhile. */
export async function updateSavedView(
  deps: Deps,
  input: { keeper: ViewKeeper; id: string; wish: Wish & { version?: number | undefined } },
): Promise<SavedView> {
  const writing = deps.db.transaction().execute((tx) => update(deps, tx, input))
  await orNameTaken(input.wish.name, writing)
  return getView(deps.db, input.keeper, input.id)
}

async function update(
  deps: Deps,
  tx: Db,
  { keeper, id, wish }: { keeper: ViewKeeper; id: string; wish: Wish & { version?: number | undefined } },
): Promise<void> {
  const { organizationId, memberId } = keeper
  const before = await getView(tx, keeper, id)
  if (wish.version !== undefined && wish.version !== before.version)
    throw new AppError('conflict', 'Somebody else changed this view meanwhile. Look at it again.')
  if (wish.is_default === true) await setDefaultView(tx, { organizationId, id, memberId })
  if (wish.is_default === false) await unsetDefaultView(tx, { organizationId, id, memberId })
  const isShared = wish.is_shared ?? before.is_shared
  const change = {
    ...(wish.name !== undefined && wish.name !== before.name && { name: wish.name }),
    ...(wish.search !== undefined && wish.search !== before.search && { search: wish.search }),
    ...(isShared !== before.is_shared && { member_id: isShared ? null : memberId }),
  }
  if (Object.keys(change).length === 0) return
  if (before.is_shared || isShared) requireDecider(keeper)
  const name = wish.name ?? before.name
  await requireName(tx, { organizationId, memberId: isShared ? null : memberId, name, id })
  // Others cannot begin with what they no longer see.
  if (!isShared && before.is_shared) await unsetDefaultView(tx, { organizationId, id, exceptMemberId: memberId })
  await updateRow(tx, { organizationId, id, now: deps.clock() }, change)
  if (before.is_shared || isShared)
    await record(deps, tx, { keeper, id, action: 'saved_view.changed', before: toAudit(before), after: change })
}

/** Throws `not_found`, or `forbidden` for one of the organization without the role. */
export async function deleteSavedView(deps: Deps, input: { keeper: ViewKeeper; id: string }): Promise<void> {
  await deps.db.transaction().execute((tx) => remove(deps, tx, input))
}

async function remove(deps: Deps, tx: Db, { keeper, id }: { keeper: ViewKeeper; id: string }): Promise<void> {
  const before = await getView(tx, keeper, id)
  if (before.is_shared) requireDecider(keeper)
  await deleteRow(tx, { organizationId: keeper.organizationId, id })
  if (before.is_shared) await record(deps, tx, { keeper, id, action: 'saved_view.deleted', before: toAudit(before) })
}

function requireDecider({ role, scopes }: ViewKeeper): void {
  if (isPermitted({ role, scopes }, 'vulnerability.decide')) return
  throw new AppError(
    'forbidden',
    'Views of the organization are kept by champions and admins. Save it as one of your own.',
  )
}

/** Each list of them is sent as a whole. */
const mostViews = 200

async function requireRoom(tx: Db, { organizationId, memberId }: ViewKeeper, isShared: boolean): Promise<void> {
  const views = await listRows(tx, { organizationId, memberId })
  if (views.filter((row) => (row.member_id === null) === isShared).length < mostViews) return
  throw new AppError('conflict', `There are ${mostViews} views already. Delete one that nobody needs any more.`)
}

async function requireName(
  tx: Db,
  { id, ...wanted }: { organizationId: string; memberId: string | null; name: string; id: string },
): Promise<void> {
  const taken = await findViewNamed(tx, wanted)
  if (taken !== undefined && taken !== id) throw nameTaken(wanted.name)
}

function nameTaken(name: string | undefined): AppError {
  return new AppError('conflict', `There is a view named ${name ?? 'like this'} already. Choose another name.`)
}

/** Two that look at the same moment both find the name free: then the index refuses the second. */
async function orNameTaken(name: string | undefined, writing: Promise<void>): Promise<void> {
  try {
    await writing
  } catch (error) {
    throw violatedConstraint(error) === 'saved_view_name' ? nameTaken(name) : error
  }
}

type Entry = Pick<AuditEntry, 'action' | 'before' | 'after'> & { keeper: ViewKeeper; id: string }

async function record(deps: Deps, tx: Db, { keeper, id, ...entry }: Entry): Promise<void> {
  const { organizationId, actor } = keeper
  await recordAudit(deps, tx, { organizationId, actor, target: { kind: 'saved_view', id }, ...entry })
}

function toAudit({ name, search, is_shared }: SavedView) {
  return { name, search, is_shared }
}

async function getView(db: Db, scope: { organizationId: string; memberId: string }, id: string): Promise<SavedView> {
  const [row] = await listRows(db, { organizationId: scope.organizationId, memberId: scope.memberId, id })
  if (row === undefined) throw new AppError('not_found', 'There is no such view here.')
  return toView(row)
}

function toView(row: SavedViewRow): SavedView {
  const { created_by: creator, created_by_name: creatorName } = row
  return {
    id: row.id,
    name: row.name,
    search: row.search,
    is_shared: row.member_id === null,
    is_default: row.is_default,
    created_by: creator === null ? null : { id: creator, name: creatorName ?? '' },
    version: row.version,
    updated_at: row.updated_at.toISOString(),
  }
}
