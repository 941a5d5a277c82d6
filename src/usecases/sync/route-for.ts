type Route = { asset_id: string | null; branch: string | null }

/** A branch's route beats its asset's, which beats the default one; undefined when none is set. */
export function routeFor<Some extends Route>(
  routes: readonly Some[],
  of: { assetId: string; branch: string },
): Some | undefined {
  return (
    routes.find((route) => route.asset_id === of.assetId && route.branch === of.branch) ??
    routes.find((route) => route.asset_id === of.assetId && route.branch === null) ??
    routes.find((route) => route.asset_id === null)
  )
}
