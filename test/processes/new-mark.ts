import { randomUUID } from 'node:crypto'

/** A text nobody else writes, and that goes to a tracker as it is: nothing in it looks like a commit or a key. */
export function newMark(): string {
  return `mark-${randomUUID().replaceAll('-', 'x')}`
}
