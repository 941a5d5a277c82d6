import { readChoice, readMany, readOne, type SearchText, withoutEmpty } from '../../../search-params.ts'

export const assetTabs = ['vulnerabilities', 'risk', 'imports', 'settings'] as const

export type AssetListSearch = {
  q?: string | undefined
  tag?: string[] | undefined
  archived?: 'true' | undefined
  sort?: '-risk_score' | undefined
}

export function toAssetListSearch(search: SearchText): AssetListSearch {
  return withoutEmpty({
    q: readOne(search, 'q'),
    tag: readMany(search, 'tag'),
    archived: readChoice(search, 'archived', ['true'] as const),
    sort: readChoice(search, 'sort', ['-risk_score'] as const),
  })
}
