import { parseMarker, setMarker } from '../../domain/message-text.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import { refuseItem } from '../refuse-item.ts'
import type { Fetched, ItemLinks, ItemRef, TrackerItem } from '../tracker.ts'
import { listFiles } from './issue-files.ts'
import { type IssuePlace, issuePath, requireIssueTracker, toItem } from './issue-place.ts'
import { type RemoteIssue, remoteIssue } from './schema.ts'

/** Issues that people made. The marker is a last line of the description that Bitbucket renders to nothing. */
export function issueLinks(place: IssuePlace): ItemLinks {
  const find = (item: ItemRef): Promise<Fetched<RemoteIssue>> => {
    const call = { what: 'read an issue', lane: place.lane, schema: remoteIssue }
    return deletedWhenMissing(
      async () => ({ kind: 'found', value: await place.client.get(issuePath(place, item), call) }),
      () => requireIssueTracker(place),
    )
  }
  return {
    find: async (named) => {
      const found = await find({ remoteId: named, remote: { issue: readIssueNumber(named) } })
      if (found.kind === 'deleted') return found
      return { kind: 'found', value: { item: toItem(found.value), marker: parseMarker(textOf(found.value)) } }
    },
    mark: async ({ item, marker }) => {
      const found = await find(item)
      if (found.kind === 'deleted') return found
      const text = setMarker(textOf(found.value), marker)
      const marked = text === textOf(found.value) ? found.value : await write(place, item, text)
      return { kind: 'found', value: await withFiles(place, toItem(marked)) }
    },
    unmark: async ({ item, marker }) => {
      const found = await find(item)
      if (found.kind === 'deleted' || parseMarker(textOf(found.value))?.id !== marker.id) return
      await write(place, item, setMarker(textOf(found.value), null))
    },
  }
}

/** What was put there before is taken in with what was said: no webhook tells of files. */
async function withFiles(place: IssuePlace, item: TrackerItem): Promise<TrackerItem> {
  return { ...item, files: await listFiles(place, item) }
}

function write(place: IssuePlace, item: ItemRef, raw: string): Promise<RemoteIssue> {
  const call = { what: 'mark an issue', lane: place.lane, schema: remoteIssue }
  return place.client.put(issuePath(place, item), { ...call, body: { content: { raw } } })
}

function textOf({ content }: RemoteIssue): string {
  return content?.raw ?? ''
}

/** The number in what people paste: `12`, `#12`, or the address of an issue, with or without its title behind. */
function readIssueNumber(named: string): number {
  const text = URL.canParse(named) ? (/\/issues\/(\d+)(?:\/|$)/.exec(new URL(named).pathname)?.[1] ?? '') : named
  const digits = /^\s*#?([1-9]\d{0,8})\s*$/.exec(text)?.[1]
  if (digits !== undefined) return Number(digits)
  throw refuseItem('this is no number of an issue, as in #12, and no address of one.')
}
