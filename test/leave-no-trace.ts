import { deepEqual, equal } from 'node:assert/strict'
import { afterAll, vi } from 'vitest'

// Test files share their process: what one leaves behind would be the surroundings of another.
const environment = { ...process.env }
const folder = process.cwd()

afterAll(() => {
  deepEqual({ ...process.env }, environment, 'this file left the environment changed')
  equal(process.cwd(), folder, 'this file left another working folder')
  equal(vi.isFakeTimers(), false, 'this file left a clock that is not the real one')
})
