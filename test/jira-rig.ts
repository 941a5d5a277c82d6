import { type Simulator, startSimulator } from '../simulators/jira/simulator.ts'
import type { Switches } from '../simulators/jira/switches.ts'
import { createRemotesRig, type RemotesRig, type TurnedClock } from './remotes.ts'

/** What remote use cases need, with a simulated Jira in the place of Atlassian's. */
export type JiraRig = Omit<RemotesRig, 'simulator' | 'connect'> & {
  simulator: Simulator
  /** The e-mail address and API token of somebody on the site, by what stands before the @. */
  /** Leaves nothing of a connection, here and on the site. */
  forget: () => Promise<void>
  credentialOf: (name: string) => { email: string; token: string }
}

export type JiraRigOptions = { turned?: TurnedClock; switches?: Partial<Switches> }

export async function createJiraRig({ turned, switches }: JiraRigOptions = {}): Promise<JiraRig> {
  const rig = await createRemotesRig({ ...(turned && { turned }) })
  const simulator = await startSimulator({
    callbackUrls: [`${rig.deps.settings.publicUrl}/oauth/jira/callback`],
    ...(switches && { switches }),
    ...(turned && { clock: () => turned.clock().getTime() }),
  })
  const settings = { ...rig.deps.settings, jiraApiUrl: simulator.site, jiraLoginUrl: simulator.login }
  return {
    ...rig,
    simulator,
    deps: { ...rig.deps, settings },
    credentialOf: (name) => {
      const user = simulator.users.find(({ email }) => email.startsWith(`${name}@`))
      if (user === undefined) throw new Error(`Nobody is called ${name}.`)
      return { email: user.email, token: user.api_token }
    },
    forget: async () => {
      for (const table of ['delivery', 'webhook', 'request_budget', 'connection'] as const)
        await rig.db.deleteFrom(table).execute()
      simulator.sim.hooks.length = 0
    },
    close: async () => {
      await simulator.close()
      await rig.close()
    },
  }
}
