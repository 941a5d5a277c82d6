import { groupAliases } from '../../../domain/intelligence/group-aliases.ts'
import { readAliases } from '../../../domain/intelligence/read-aliases.ts'
import { toLeaders } from '../../../domain/intelligence/widen-names.ts'
import { replaceAliases } from '../../../store/security/advisory-aliases.ts'
import type { IntelligenceFile } from './intelligence-file.ts'
import { mergeByAliases } from './merge-by-aliases.ts'

export const aliasesFile: IntelligenceFile = {
  kind: 'aliases',
  title: 'Names of advisories',
  entry: 'name',
  open: async (bytes) => {
    const leaders = toLeaders(await groupAliases(readAliases(bytes)))
    return {
      version: null,
      publishedOn: null,
      replace: async (tx) => {
        await replaceAliases(tx, leaders)
        return leaders.size
      },
    }
  },
  tell: mergeByAliases,
}
