type SkippableKind =
  | 'create_defect'
  | 'push_state'
  | 'push_fields'
  | 'release_item'
  | 'create_comment'
  | 'update_comment'
  | 'delete_comment'
  | 'report_commit'
  | 'webhook'

const losses: Record<SkippableKind, string> = {
  create_defect:
    'The item is never made, and the messages and changes that wait behind it are not sent either. The vulnerability can be sent again.',
  push_state:
    'The item in the tracker keeps its old state, until the status changes again or a comparison of both sides sees that they differ.',
  push_fields:
    'The item in the tracker keeps its old title, priority, due date and labels, until one of them changes here again.',
  release_item:
    'The item in the tracker keeps our label and its hidden marker, which do no harm: people can take the label away there.',
  create_comment: 'The tracker never gets this message. It stays here, and what comes after it is sent.',
  update_comment: 'The tracker keeps the text from before the edit.',
  delete_comment: 'The comment stays in the tracker.',
  report_commit:
    'The commit keeps the report and the build status it has, and the pull request its summary. The next import of the branch tells them again.',
  webhook:
    'What this webhook told is not taken in now. A comparison of both sides still finds comments and states, but not always who it was.',
}

/** What is lost when something that failed is given up, in a sentence for people. */
export function describeLoss(kind: SkippableKind): string {
  return losses[kind]
}
