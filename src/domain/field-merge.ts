export type MergeVerdict = 'same' | 'take_remote' | 'push_local' | 'conflict'

/** Three-way comparison of one field with what both sides last agreed on. `conflict`: both moved, and not to the same value. */
export function mergeField<Value>(values: { agreed: Value; local: Value; remote: Value }): MergeVerdict {
  const { agreed, local, remote } = values
  if (local === remote) return 'same'
  if (remote === agreed) return 'push_local'
  if (local === agreed) return 'take_remote'
  return 'conflict'
}
