/** Which tracker the vulnerabilities of an asset and branch go to. */
export type RouteChoice = { tracker: string; settings: unknown }

type Route = { asset_id: string | null; branch: string | null; tracker: string; settings: unknown }

/** A branch's route beats its asset's, which beats the default one; undefined when none is set. */
export function routeFor(routes: readonly Route[], of: { assetId: string; branch: string }): RouteChoice | undefined {
  const found =
    routes.find((route) => route.asset_id === of.assetId && route.branch === of.branch) ??
    routes.find((route) => route.asset_id === of.assetId && route.branch === null) ??
    routes.find((route) => route.asset_id === null)
  return found === undefined ? undefined : { tracker: found.tracker, settings: found.settings }
}
