/** The present moment, handed in wherever a rule or a record needs it, so that tests decide what time it is. */
export type Clock = () => Date

/** The machine's own time. */
export const systemClock: Clock = () => new Date()
