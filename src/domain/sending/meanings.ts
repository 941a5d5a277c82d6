/** What a remote state can mean here. `nothing`: the item may be in it whatever the vulnerability is. */
export const meanings = [
  'identified',
  'in_progress',
  'awaiting_validation',
  'fixed',
  'risk_accepted',
  'false_positive',
  'nothing',
] as const
export type Meaning = (typeof meanings)[number]
