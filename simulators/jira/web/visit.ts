import type { BasicPage, PageAnswer, PageVisit } from '../../shared/page-visit.ts'
import type { Person } from '../model.ts'
import type { UploadedFile } from '../operations/attachments.ts'
import type { Sim } from '../state.ts'

export { redirect, show } from '../../shared/page-visit.ts'

export interface Visit extends PageVisit<Sim, Person> {
  /** Files of a form. */
  files: UploadedFile[]
}

/** A visit by somebody who is logged in. */
export interface PersonVisit extends Visit {
  person: Person
}

export type Page = BasicPage

export type Answer = PageAnswer<Page>
