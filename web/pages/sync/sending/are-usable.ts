import { findTemplateProblem } from '../../../../src/domain/sending/item-placeholders.ts'
import type { ItemTemplates } from '../../../../src/domain/sending/item-templates.ts'

/** Whether the templates ask for known things alone. */
export function areUsable(templates: ItemTemplates = {}): boolean {
  return Object.values(templates).every(
    ({ title = '', body = '' }) =>
      findTemplateProblem(title, 'title') === undefined && findTemplateProblem(body, 'body') === undefined,
  )
}
