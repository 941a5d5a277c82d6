import { fullName } from './render/links.ts'
import type { Sim } from './state.ts'

/** What main.ts prints and the control endpoint repeats: addresses, people, credentials, repositories. */
export function describe(sim: Sim, options: { withControl: boolean }) {
  const [workspace] = sim.workspaces
  const [consumer] = sim.consumers
  const tokenOf = (uuid: string) => sim.credentials.find((one) => one.kind === 'api_token' && one.person.uuid === uuid)
  const appPassword = sim.credentials.find((one) => one.kind === 'app_password')
  const accessToken = sim.credentials.find((one) => one.kind === 'access_token')
  return {
    api: sim.urls.api,
    web: sim.urls.web,
    /** null: shut. */
    control: options.withControl ? `${sim.urls.web}/__control` : null,
    mode: sim.mode,
    seed: sim.seed,
    workspace: { slug: workspace?.slug ?? '', uuid: workspace?.uuid ?? '', name: workspace?.name ?? '' },
    users: sim.people
      .filter((person) => person.kind === 'user')
      .map((person) => ({
        username: person.username,
        email: person.email,
        password: person.password,
        display_name: person.displayName,
        uuid: person.uuid,
        account_id: person.accountId,
        role: person.role,
        api_token: tokenOf(person.uuid)?.token ?? '',
      })),
    oauth_consumer: {
      key: consumer?.key ?? '',
      secret: consumer?.secret ?? '',
      callback_url: consumer?.callbackUrl ?? '',
    },
    workspace_access_token: accessToken?.token ?? '',
    /** Accepted in legacy mode; in 2026 mode the refused relic that it is. */
    app_password: { username: appPassword?.person.username ?? '', password: appPassword?.token ?? '' },
    repositories: sim.repositories.map((repository) => ({
      slug: repository.slug,
      uuid: repository.uuid,
      full_name: fullName(repository),
      open_pull_requests: repository.pullRequests.filter((one) => one.state === 'OPEN').map((one) => one.id),
    })),
  }
}

export type Description = ReturnType<typeof describe>
