import { AppError } from '../../../lib/app-error.ts'
import { aliasesFile } from './aliases-file.ts'
import { epssFile } from './epss-file.ts'
import type { IntelligenceFile } from './intelligence-file.ts'
import { kevFile } from './kev-file.ts'

/** The published files Weir takes in, in the order they are shown. */
export const intelligenceFiles: readonly IntelligenceFile[] = [epssFile, kevFile, aliasesFile]

/** Throws `validation_failed` for a kind nobody knows. */
export function requireIntelligenceFile(kind: string): IntelligenceFile {
  const found = intelligenceFiles.find((file) => file.kind === kind)
  if (found !== undefined) return found
  const known = intelligenceFiles.map((file) => file.kind).join(', ')
  throw new AppError('validation_failed', `There is no published file of the kind ${kind}; there are: ${known}.`)
}
