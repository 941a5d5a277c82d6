import type { MirrorFolder } from '../../../git/mirror-folder.ts'
import { type GitTag, readTags } from '../../../git/read-tags.ts'
import type { Db } from '../../../store/db.ts'
import { upsertTags } from '../../../store/delivery/git-tags.ts'

type Place = { organizationId: string; repositoryId: string; folder: MirrorFolder }

const batchSize = 2000

/** Writes down where the tags of a mirror stand. Repeating changes nothing. */
export async function recordTags({ db }: { db: Db }, place: Place): Promise<void> {
  let batch: GitTag[] = []
  for await (const tag of readTags(place.folder)) {
    batch.push(tag)
    if (batch.length < batchSize) continue
    await upsertTags(db, place, batch)
    batch = []
  }
  await upsertTags(db, place, batch)
}
