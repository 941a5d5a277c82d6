import { fullName } from './render/links.ts'
import type { Sim } from './state.ts'

/** Accepted in legacy mode; in 2026 mode the refused relic that it is. */
export function findAppPassword(sim: Sim): { username: string; password: string } {
  const found = sim.credentials.find((one) => one.kind === 'app_password')
  return { username: found?.person.username ?? '', password: found?.token ?? '' }
}

/** What main.ts prints and the control endpoint repeats: addresses, people, credentials with their scopes, repositories. */
export function describe(sim: Sim, options: { withControl: boolean }) {
  const [workspace] = sim.workspaces
  const [consumer] = sim.consumers
  const tokenOf = (uuid: string) => sim.credentials.find((one) => one.kind === 'api_token' && one.person.uuid === uuid)
  const apiToken = sim.credentials.find((one) => one.kind === 'api_token')
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
    /** What each kind of credential above may do; all API tokens may the same. */
    scopes: {
      api_token: apiToken?.scopes ?? [],
      oauth_consumer: consumer?.scopes ?? [],
      workspace_access_token: accessToken?.scopes ?? [],
    },
    // In 2026 mode it would be refused: nobody is to try it first.
    ...(sim.mode === 'legacy' ? { app_password: findAppPassword(sim) } : {}),
    repositories: sim.repositories.map((repository) => ({
      slug: repository.slug,
      uuid: repository.uuid,
      full_name: fullName(repository),
      open_pull_requests: repository.pullRequests.filter((one) => one.state === 'OPEN').map((one) => one.id),
    })),
  }
}

export type Description = ReturnType<typeof describe>
