import { toWords } from '../../../ui/words.ts'

const words: Record<string, string> = {
  approximate_end: 'End not exactly known',
  approval_from_participants: 'Approval known without its event',
  batch_merge: 'Merged together with another',
  commit_after_open: 'First commit after opening',
  draft_unknown: 'Draft time not known',
  fixed_elsewhere: 'Fix not known',
  negative_span: 'Ended before it began',
  review_before_ready: 'Reviewed before it was ready',
  stale_commit: 'Has much older commits',
  still_seen: 'Seen again after the merge',
  unknown_author: 'Author not known',
  unknown_reviewer: 'Somebody unknown reviewed it',
}

/** What is to be known of how figures came about, in words. */
export function flagWords(flag: string): string {
  return words[flag] ?? toWords(flag)
}
