/**
 * For every connection: one whose peer is gone without a word (a fail-over, a firewall that forgot it) breaks within half
 * a minute while it is idle. It says nothing about one that waits for an answer: that takes a limit of its own.
 */
export const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const
