import type { JsonObject } from '../../shared/json.ts'
import type { Attachment } from '../model.ts'
import { toTimestamp } from '../state.ts'
import { renderPerson } from './person.ts'
import { type Place, self } from './place.ts'

const pictures = ['image/png', 'image/jpeg', 'image/gif']

export function renderAttachment(place: Place, attachment: Attachment): JsonObject {
  const { id, filename, author, created, mimeType, bytes } = attachment
  return {
    self: self(place, `attachment/${id}`),
    id,
    filename,
    author: renderPerson(place, author),
    created: toTimestamp(created),
    size: bytes.length,
    mimeType,
    content: self(place, `attachment/content/${id}`),
    ...(pictures.includes(mimeType) ? { thumbnail: self(place, `attachment/thumbnail/${id}`) } : {}),
  }
}
