import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attachmentTypes } from '../src/domain/attachment-type.ts'
import { openAttachment } from '../src/usecases/sync/attachments/open-attachment.ts'
import { stageAttachment } from '../src/usecases/sync/attachments/stage-attachment.ts'
import { createMessage } from '../src/usecases/sync/create-message.ts'
import type { SyncDeps } from '../src/usecases/sync/sync-deps.ts'

type Champion = Parameters<typeof createMessage>[1]['actor']
type World = { deps: SyncDeps; ids: { organizationId: string }; champion: Champion }
const megabyte = 1024 * 1024
const filesOfTests = { files: 10, bytesEach: megabyte, bytesTogether: 2 * megabyte, types: attachmentTypes }

async function withFolder({ deps }: World) {
  const tempFolder = await mkdtemp(join(tmpdir(), 'weir-files-'))
  return { ...deps, tempFolder, attachmentLimits: filesOfTests, roomInAll: 100 * megabyte }
}

/** A champion writes into the thread, with files: name → text. */
export async function writeWithFiles(
  world: World,
  vulnerabilityId: string,
  { body, files, internal }: { body: string; files: Record<string, string>; internal?: boolean },
) {
  const { organizationId } = world.ids
  const staging = await withFolder(world)
  const ids: string[] = []
  for (const [name, text] of Object.entries(files)) {
    async function* bytes() {
      yield Buffer.from(text)
    }
    const to = { organizationId, vulnerabilityId, member: world.champion, name, body: bytes() }
    ids.push((await stageAttachment(staging, to)).id)
  }
  const attachments = { ids, limits: filesOfTests }
  return createMessage(world.deps, {
    organizationId,
    vulnerabilityId,
    actor: world.champion,
    body,
    attachments,
    internal,
  })
}

/** The text of an attachment, as somebody who opens it gets it. */
export async function readAttachment(world: World, id: string, bytesEach = megabyte) {
  const opening = { ...(await withFolder(world)), attachmentLimits: { bytesEach } }
  const { content, ...file } = await openAttachment(opening, { organizationId: world.ids.organizationId, id })
  const pieces: Uint8Array[] = []
  for await (const piece of content) pieces.push(piece)
  return { ...file, text: Buffer.concat(pieces).toString() }
}
