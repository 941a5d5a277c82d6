import * as z from 'zod'

// A backup is gzip over lines of JSON: the header; for each table its name and columns, then its rows as lists of
// PostgreSQL's own text for each value; the waiting jobs; and the counts, without which the file is cut off.

/** A job of the queue that still has to run. */
export const backupJobSchema = z.object({
  name: z.string(),
  data: z.unknown(),
  priority: z.number(),
  start_after: z.string(),
  singleton_key: z.string().nullable(),
})

/** A waiting job as a backup carries it; `start_after` is RFC 3339. */
export type BackupJob = z.output<typeof backupJobSchema>

const migrationSchema = z.object({ number: z.number(), name: z.string(), checksum: z.string() })

export const backupHeaderSchema = z.object({
  weir_backup: z.literal(1),
  weir_version: z.string(),
  made_at: z.iso.datetime(),
  migrations: z.array(migrationSchema),
})

/** First line of a backup: what made it and where its schema stood. */
export type BackupHeader = z.output<typeof backupHeaderSchema>

export const backupTableSchema = z.object({ table: z.string(), columns: z.array(z.string()) })
export const backupJobLineSchema = z.object({ job: backupJobSchema })
export const backupEndSchema = z.object({ end: z.object({ rows: z.record(z.string(), z.number()), jobs: z.number() }) })

/** Last line of a backup: rows of each table and number of jobs. */
export type BackupCounts = z.output<typeof backupEndSchema>['end']

const newline = 0x0a

/** The lines of a byte stream. Not `readline`, which also breaks at U+2028 inside a JSON text. Throws where the stream does. */
export async function* readLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = []
  for await (const chunk of stream) {
    let from = 0
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8')
      parts = []
      from = at + 1
    }
    if (from < chunk.length) parts.push(chunk.subarray(from))
  }
  if (parts.length > 0) yield Buffer.concat(parts).toString('utf8')
}
