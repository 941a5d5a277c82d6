import { defineConfig } from 'vitest/config'
import { LongFilesFirst } from './test/long-files-first.ts'

export default defineConfig({
  test: {
    include: ['{src,contract,simulators,bench,test,scripts,web}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', 'data/**'],
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/leave-no-trace.ts'],
    pool: 'forks',
    // One more than the cores of the smallest machine: journeys and processes mostly wait.
    maxWorkers: 3,
    sequence: { sequencer: LongFilesFirst },
    // Loading a whole Weir anew costs more than most files' own tests; a module keeps no state that a test could change.
    isolate: false,
    // What comes true on a busy machine takes longer than the second that is usual.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
})
