import { type EpssScore, openEpss } from '../../../domain/intelligence/open-epss.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { analyzeEpssScores, clearEpssScores, insertEpssScores } from '../../../store/security/intelligence.ts'
import type { IntelligenceFile } from './intelligence-file.ts'

/** Scores of one statement: memory stays flat, and there are some sixty statements in all. */
const batchSize = 5000
const newline = 0x0a

export const epssFile: IntelligenceFile = {
  kind: 'epss',
  title: 'EPSS scores',
  entry: 'score',
  open: async (bytes) => {
    const { modelVersion, scoredOn, scores } = await openEpss(requireEnd(bytes))
    return { version: modelVersion, publishedOn: scoredOn, replace: async (tx) => replaceScores(tx, scores) }
  },
}

async function replaceScores(tx: Db, scores: AsyncIterable<EpssScore>): Promise<number> {
  await clearEpssScores(tx)
  let entries = 0
  let batch: EpssScore[] = []
  const flush = async (): Promise<void> => {
    await insertEpssScores(tx, batch)
    entries += batch.length
    batch = []
  }
  for await (const score of scores) {
    batch.push(score)
    if (batch.length >= batchSize) await flush()
  }
  if (batch.length > 0) await flush()
  await analyzeEpssScores(tx)
  return entries
}

/** Published files end with the end of a line: in one that was cut short, the last number may be half of it. */
async function* requireEnd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let last: number | undefined = newline
  for await (const chunk of bytes) {
    last = chunk.at(-1) ?? last
    yield chunk
  }
  if (last !== newline)
    throw new AppError(
      'intelligence_invalid',
      'The file ends in the middle of a line: it was cut short. Nothing of it was taken. Fetch it again.',
    )
}
