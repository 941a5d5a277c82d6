import { assertMay, mayIn } from '../auth/permission.ts'
import { badRequest, refusal } from '../jira-error.ts'
import type { Attachment, ChangeItem, Issue, Person } from '../model.ts'
import type { Sim } from '../state.ts'
import { raiseIssueEvent } from '../webhooks/raise-event.ts'
import { recordChange } from './issues.ts'

export interface UploadedFile {
  filename: string
  mimeType: string
  bytes: Buffer
}

/** Files of one request. */
const mostFiles = 60

function changeOf(attachment: Attachment, direction: 'added' | 'removed'): ChangeItem {
  const [id, name] = [attachment.id, attachment.filename]
  const isAdded = direction === 'added'
  return {
    field: 'Attachment',
    fieldId: 'attachment',
    isCustom: false,
    from: isAdded ? null : id,
    fromText: isAdded ? null : name,
    to: isAdded ? id : null,
    toText: isAdded ? name : null,
  }
}

function tell(sim: Sim, actor: Person, { issue, items }: { issue: Issue; items: ChangeItem[] }): void {
  recordChange(sim, issue, { actor, items })
  raiseIssueEvent(sim, { event: 'jira:issue_updated', typeName: 'issue_updated', issue, actor, items })
}

/** Adds files; two of the same name stand side by side. Each is a change of its own, with its own webhook. */
export function addAttachments(
  sim: Sim,
  actor: Person,
  { issue, files }: { issue: Issue; files: readonly UploadedFile[] },
): Attachment[] {
  assertMay(issue.project, actor, {
    wanted: 'work',
    message: 'You do not have permission to create attachments for this issue.',
  })
  if (files.length === 0) throw badRequest('No files were sent in a field called file.')
  const { attachmentLimit } = sim.switches
  const tooLarge = files.find(({ bytes }) => bytes.length > attachmentLimit)
  if (tooLarge !== undefined || files.length > mostFiles)
    throw refusal(413, `The file ${tooLarge?.filename ?? ''} exceeds the limit of ${attachmentLimit} bytes.`)
  return files.map((file) => {
    const attachment: Attachment = { id: sim.newId(), author: actor, created: sim.now(), ...file }
    issue.attachments.push(attachment)
    tell(sim, actor, { issue, items: [changeOf(attachment, 'added')] })
    return attachment
  })
}

/** With the issue it is of, when the person may see it. */
export function getAttachment(sim: Sim, person: Person | null, id: string): { issue: Issue; attachment: Attachment } {
  for (const issue of sim.issues) {
    const attachment = issue.attachments.find((one) => one.id === id)
    if (attachment !== undefined && mayIn(issue.project, person, 'view')) return { issue, attachment }
  }
  throw refusal(404, `The attachment with id '${id}' does not exist.`)
}

/** People remove their own, administrators of the project all. */
export function deleteAttachment(sim: Sim, actor: Person, id: string): void {
  const { issue, attachment } = getAttachment(sim, actor, id)
  assertMay(issue.project, actor, {
    wanted: attachment.author === actor ? 'work' : 'admin',
    message: `You do not have permission to delete attachment with id: ${id}`,
  })
  issue.attachments.splice(issue.attachments.indexOf(attachment), 1)
  tell(sim, actor, { issue, items: [changeOf(attachment, 'removed')] })
}
