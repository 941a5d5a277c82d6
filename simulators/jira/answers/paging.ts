import type { Json, JsonObject } from '../../shared/json.ts'

function readWhole(text: string | null, fallback: number): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : fallback
}

export interface PageWindow {
  startAt: number
  maxResults: number
}

/** `startAt` and `maxResults`; sizes over the maximum are cut to it. */
export function readWindow(query: URLSearchParams, usual = 50, most = 100): PageWindow {
  return {
    startAt: readWhole(query.get('startAt'), 0),
    maxResults: Math.min(most, readWhole(query.get('maxResults'), usual)),
  }
}

export function cut<T>(items: T[], window: PageWindow): T[] {
  return items.slice(window.startAt, window.startAt + window.maxResults)
}

/** A page in the newer envelope: `{self,startAt,maxResults,total,isLast,values}`. */
export function pageOf(items: Json[], window: PageWindow, self: string): JsonObject {
  return {
    self,
    startAt: window.startAt,
    maxResults: window.maxResults,
    total: items.length,
    isLast: window.startAt + window.maxResults >= items.length,
    values: cut(items, window),
  }
}
