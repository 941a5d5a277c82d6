/** Decisions that a developer can ask for and a champion makes. */
export const askedDecisions = [
  { to: 'risk_accepted', words: 'risk acceptance' },
  { to: 'false_positive', words: 'false positive' },
] as const
export type AskedDecision = (typeof askedDecisions)[number]

/** The internal note that asks the champions for a decision, in Markdown; `why` as its author wrote it. */
export function composeAsk({ words }: AskedDecision, why: string): string {
  return `**Asks for ${words}:** ${why}`
}
