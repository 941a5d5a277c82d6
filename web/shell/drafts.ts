const prefix = 'weir:draft:'

/** Where a browser keeps what a member is writing about a vulnerability; no two members share one. */
export function draftKey(memberId: string, vulnerabilityId: string): string {
  return `${prefix}${memberId}:${vulnerabilityId}`
}

/** Removes every draft from this browser, but those of `keepMemberId`, if one is named. */
export function clearDrafts(storage: Storage, keepMemberId?: string): void {
  for (const key of Object.keys(storage)) {
    const isKept = keepMemberId !== undefined && key.startsWith(`${prefix}${keepMemberId}:`)
    if (key.startsWith(prefix) && !isKept) storage.removeItem(key)
  }
}
