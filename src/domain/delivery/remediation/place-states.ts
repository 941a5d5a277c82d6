/** What is known of a place of a fixed vulnerability; `wanted`: it is being looked up. */
export const placeStates = ['wanted', 'removed', 'changed', 'kept', 'unknown'] as const
export type PlaceState = (typeof placeStates)[number]

/** Why nobody can say what became of a place. */
export const unknownPlaceReasons = [
  'no_commit',
  'no_mirror',
  'commit_unknown',
  'apart',
  'too_far',
  'no_file',
  'left_out',
  'file_gone',
  'untouched',
  'no_pull_request',
  'not_told',
] as const
export type UnknownPlaceReason = (typeof unknownPlaceReasons)[number]

/** What may come with a later copy of the repository. */
export function mayComeLater(reason: UnknownPlaceReason): boolean {
  return reason === 'no_mirror' || reason === 'commit_unknown'
}
