import { AppError } from '../../lib/app-error.ts'
import type { NewId } from '../../lib/ids.ts'
import { emptyEverything, hasRealOrganization } from '../../store/access/wipe.ts'
import type { Db } from '../../store/db.ts'
import { prepareSetup } from './prepare-setup.ts'

type Deps = {
  db: Db
  newId: NewId
  settings: { isDemo: boolean }
  /** Tells whoever runs Weir how to set it up anew. */
  showSetupToken: (token: string) => void
}

/** Removes everything of a demo, its members and sessions too: Weir is as on its first start. Throws `conflict` where anything is real. */
export async function wipeDemo(deps: Deps): Promise<void> {
  if (!deps.settings.isDemo) throw new AppError('conflict', 'This Weir is no demo; nothing is wiped here.')
  await deps.db.transaction().execute(wipe)
  const { setupToken } = await prepareSetup({ ...deps, printsToken: true })
  if (setupToken !== undefined) deps.showSetupToken(setupToken)
}

async function wipe(tx: Db): Promise<void> {
  if (await hasRealOrganization(tx))
    throw new AppError('conflict', 'An organization here is no demo; nothing is wiped.')
  await emptyEverything(tx)
}
