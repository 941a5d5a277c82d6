import { applyImport, createImport } from '../../contract/security/imports.ts'
import { placesOf, toSarif } from '../../scripts/demo/reports.ts'
import type { WeirCluster } from './weir-cluster.ts'

type Place = Parameters<typeof toSarif>[0][number]

/** An asset with everything a scanner finds in it. Its scans come one after the other, as a pipeline's do. */
export type AssetUnderScan = {
  key: string
  /** The next scan finds so many more; answers their titles when it was taken in. */
  find: (count: number) => Promise<string[]>
  /** Scans again, with this one found or not. */
  scan: (change: { title: string; isFound: boolean }) => Promise<void>
}

/** `places` holds those of the repository that are seeded: inside and outside the diffs of open pull requests. */
export function createAsset(
  { admin }: WeirCluster,
  { key, repository, commit, nextTitle }: { key: string; repository: string; commit: string; nextTitle: () => string },
): AssetUnderScan {
  const found = new Map<string, { place: Place; isFound: boolean }>()
  const seeded = placesOf(repository)
  let last: Promise<unknown> = Promise.resolve()
  const upload = async (): Promise<void> => {
    const places = [...found.values()].filter(({ isFound }) => isFound).map(({ place }) => place)
    const query = { asset: key, file_name: 'heron.sarif', scope: 'full' }
    const answer = createImport.response?.parse(await admin.upload('/api/v1/imports', query, toSarif(places, commit)))
    // The guard holds a report that closes much at once; here it is right.
    if (answer?.state === 'held') await admin.call(applyImport, { params: { id: answer.id } })
  }
  const inTurn = async (): Promise<void> => {
    const mine = last.then(upload)
    last = mine.catch(() => undefined)
    await mine
  }
  return {
    key,
    find: async (count) => {
      const titles = Array.from({ length: count }, nextTitle)
      for (const title of titles) {
        const at = seeded[found.size % Math.max(1, seeded.length)]
        const round = Math.floor(found.size / Math.max(1, seeded.length))
        found.set(title, { place: placeFor(title, at, round), isFound: true })
      }
      await inTurn()
      return titles
    },
    scan: async ({ title, isFound }) => {
      const entry = found.get(title)
      if (entry !== undefined) entry.isFound = isFound
      // Refused or cut off: the next scan says the same.
      await inTurn().catch(() => undefined)
    },
  }
}

/** The seeded line the first time round, then others of the same file. */
function placeFor(title: string, seeded: Place | undefined, round: number): Place {
  const base = seeded ?? { rule: 'X', title, cwe: 79, severity: 'low', path: 'README.md', line: 1, snippet: '' }
  return {
    ...base,
    title,
    rule: `${base.rule}-${title.replaceAll(' ', '-')}`,
    ...(round > 0 && { line: base.line + 3 * round, snippet: `${title} stands here` }),
  }
}
