import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { numberAt } from '../../shared/json.ts'
import { startLauncher } from '../git/launcher.ts'
import { startSimulator } from '../simulator.ts'
import { importRepository } from './import-repository.ts'

test.each([false, true])(
  'an import from a server that never answers ends with the simulator (git started by another process: %s)',
  async (byLauncher) => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const simulator = await startSimulator({ repositories: 0 })
    const { sim } = simulator
    if (byLauncher) startLauncher(sim.gitRoot)
    const [workspace, actor] = [sim.workspaces[0], sim.people[0]]
    const project = workspace?.projects[0]
    if (workspace === undefined || actor === undefined || project === undefined) throw new Error('nobody is there')
    const url = `http://127.0.0.1:${numberAt(silent.address(), 'port') ?? 0}/old.git`
    const connected: Promise<[Socket]> = once(silent, 'connection').then(([socket]) => [socket])
    const importing = importRepository(sim, { workspace, project, actor, name: 'old', url })
    const refused = importing.catch((error: unknown) => error)
    const [socket] = await connected
    const gone = once(socket, 'close')
    await simulator.close()
    await gone
    expect(await refused).toBeInstanceOf(Error)
    silent.close()
  },
)
