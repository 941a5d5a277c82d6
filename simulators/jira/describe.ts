import type { Sim } from './state.ts'

/** What main.ts prints and the control endpoint repeats: addresses, people, credentials, projects. */
export function describe(sim: Sim) {
  const [app] = sim.apps
  return {
    site: sim.url,
    gateway: `${sim.url}/ex/jira/${sim.site.cloudId}`,
    login: sim.url,
    cloud_id: sim.site.cloudId,
    seed: sim.seed,
    users: sim.people.map((person) => ({
      email: person.email,
      password: person.password,
      display_name: person.displayName,
      account_id: person.accountId,
      role: person.role,
      api_token: sim.credentials.find((one) => one.kind === 'api_token' && one.person === person)?.token ?? '',
    })),
    oauth_app: {
      client_id: app?.clientId ?? '',
      client_secret: app?.clientSecret ?? '',
      callback_urls: app?.callbackUrls ?? [],
    },
    projects: sim.projects.map((project) => ({
      key: project.key,
      id: project.id,
      name: project.name,
      statuses: project.workflow.statuses.map((one) => ({ name: one.name, category: one.category })),
      required_fields: project.customFields.filter((one) => one.isRequired).map((one) => one.field.id),
      issues: sim.issues.filter((one) => one.project === project).map((one) => one.key),
    })),
  }
}

export type Description = ReturnType<typeof describe>
