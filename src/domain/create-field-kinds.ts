/** How a value of a field at a remote is given; `other`: nothing a person could type here. */
export const createFieldKinds = [
  'text',
  'long_text',
  'number',
  'date',
  'moment',
  'choice',
  'choices',
  'cascade',
  'person',
  'people',
  'labels',
  'other',
] as const
export type CreateFieldKind = (typeof createFieldKinds)[number]
