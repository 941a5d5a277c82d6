import { createHash } from 'node:crypto'

/**
 * Id of the nth item (0, 1, …) a vulnerability gets in a tracker: a UUID of version 8 that is the same whenever it is
 * worked out anew. A database restored from before the item was made so finds it by its marker. Begins as the
 * vulnerability's own id does, so that neighbours stay neighbours in an index.
 */
export function defectIdOf({
  vulnerabilityId,
  tracker,
  nth,
}: {
  vulnerabilityId: string
  tracker: string
  nth: number
}): string {
  const hash = createHash('sha256').update(`${vulnerabilityId} ${tracker} ${nth}`).digest()
  hash.writeUInt8(0x80 | (hash.readUInt8(0) & 0x0f), 0)
  hash.writeUInt8(0x80 | (hash.readUInt8(2) & 0x3f), 2)
  const hex = hash.toString('hex')
  return [vulnerabilityId.slice(0, 13), hex.slice(0, 4), hex.slice(4, 8), hex.slice(8, 20)].join('-')
}
