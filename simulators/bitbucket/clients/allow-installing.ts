import { vi } from 'vitest'

/** A first run fetches the client's packages, which a slow registry takes its time for. */
export function allowInstalling(): void {
  vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })
}
