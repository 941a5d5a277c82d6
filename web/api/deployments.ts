import { routePages } from './query.ts'
import type { RouteInput } from './route-types.ts'

type DeploymentScope = Pick<NonNullable<RouteInput<'listDeployments'>['query']>, 'repository' | 'from' | 'to'>

/** Production deployments as they count, latest first. */
export const deploymentPages = (scope: DeploymentScope) =>
  routePages('listDeployments', scope, (cursor) => ({ query: { ...scope, cursor, limit: 20 } }))
