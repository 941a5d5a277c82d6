export const itemStates = ['refused', 'unchanged', 'changed', 'waiting'] as const
export type ItemState = (typeof itemStates)[number]
