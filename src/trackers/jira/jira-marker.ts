import * as z from 'zod'
import type { Marker } from '../../domain/message-text.ts'

/**
 * Key of the entity property that issues and comments of ours carry. People neither see it nor take it along when they
 * copy a text: https://developer.atlassian.com/cloud/jira/platform/jira-entity-properties/
 */
export const markerKeyInJira = 'weir.marker'

const value = z.object({ instance: z.string(), id: z.string() })

/** As it is sent with what is created. */
export function markerProperties({ instance, id }: Marker): { key: string; value: { instance: string; id: string } }[] {
  return [{ key: markerKeyInJira, value: { instance, id } }]
}

/** The marker in the value of the property, if it is one. */
export function readMarker(property: unknown, kind: Marker['kind']): Marker | undefined {
  const parsed = value.safeParse(property)
  return parsed.success ? { ...parsed.data, kind } : undefined
}

export function isSameMarker(one: Marker | undefined, other: Marker): boolean {
  return one !== undefined && one.instance === other.instance && one.id === other.id
}

/** The label one searches an issue by: entity properties can be searched only where an installed app says so. */
export function markerLabel({ id }: Marker): string {
  return `weir-${id}`
}
