import type { IssueAttachment } from '../model/issue-tracker.ts'
import { badRequest, forbidden, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { newComment } from './issue-comments.ts'
import { mayEditIssue, type OnIssue } from './issues.ts'
import { raiseIssueEvent } from './raise-issue-event.ts'

export interface UploadedFile {
  filename: string
  contentType: string
  bytes: Buffer
}

/** The part of a sent file name that counts: some clients send the whole path. */
function baseName(filename: string): string {
  return filename.split(/[\\/]/).at(-1) ?? ''
}

/** Adds files; one with the name of an earlier one takes its place. Whoever may comment may do this. */
export function attachFiles(sim: Sim, on: OnIssue, files: readonly UploadedFile[]): void {
  const { issue, actor } = on
  const named = files.map((file) => ({ ...file, name: baseName(file.filename) })).filter((file) => file.name !== '')
  if (named.length === 0) throw badRequest('No files were uploaded.')
  for (const { name, contentType, bytes } of named) {
    issue.attachments = issue.attachments.filter((one) => one.name !== name)
    issue.attachments.push({ name, contentType, bytes, uploader: actor })
  }
  if (!sim.switches.tracker.filesAsComments) return
  const comment = newComment({ id: sim.newId(), author: actor, raw: null, date: sim.now() })
  issue.comments.push(comment)
  issue.updatedOn = comment.createdOn
  raiseIssueEvent(sim, on, { key: 'comment_created', comment })
}

export function getAttachment({ issue }: Pick<OnIssue, 'issue'>, name: string): IssueAttachment {
  const found = issue.attachments.find((one) => one.name === name)
  if (found === undefined) throw notFound(`No such attachment: ${name}`)
  return found
}

export function mayDeleteAttachment(on: OnIssue, { uploader }: IssueAttachment): boolean {
  return mayEditIssue(on) || uploader?.uuid === on.actor.uuid
}

export function deleteAttachment(on: OnIssue, attachment: IssueAttachment): void {
  if (!mayDeleteAttachment(on, attachment)) throw forbidden('You are not allowed to delete this attachment.')
  on.issue.attachments = on.issue.attachments.filter((one) => one !== attachment)
}
