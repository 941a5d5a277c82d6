import { createHttpClient } from '../lib/http-client.ts'
import { findConnectionsToRead } from '../store/delivery/reading-progress.ts'
import { createSessionLocks } from '../store/session-locks.ts'
import { openConnection } from '../usecases/remotes/open-connection.ts'
import { createRequestBudgets } from '../usecases/remotes/request-budgets.ts'
import { chooseOrganization } from './choose-organization.ts'
import type { Terminal } from './command.ts'
import { openWeir } from './open-weir.ts'

/** What reading needs, at the Weir of this machine, with the organization's connections with Bitbucket. */
export async function openReading(terminal: Terminal, organization: string | undefined) {
  const weir = await openWeir(terminal)
  const { db, clock, newId, log, secretBox, config } = weir
  const http = createHttpClient({ allowedPrivateAddresses: config.allowedPrivateAddresses, log })
  const locks = createSessionLocks({ databaseUrl: weir.database.url, log })
  const close = async (): Promise<void> => {
    await locks.close()
    await http.close()
    await weir.close()
  }
  try {
    const organizationId = await chooseOrganization(db, organization)
    const remote = { db, http, secretBox, clock, log, budgets: createRequestBudgets({ db, clock }) }
    return {
      deps: {
        db,
        clock,
        newId,
        log,
        locks,
        connect: (key: Parameters<typeof openConnection>[1]) => openConnection(remote, key),
      },
      organizationId,
      connections: await findConnectionsToRead(db, organizationId),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
