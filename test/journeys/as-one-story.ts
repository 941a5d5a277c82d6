import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, inject, vi } from 'vitest'
import type { Person } from './weir-world.ts'

/** Set to a folder to keep a picture of every page after every step. */
const pictures = process.env['WEIR_PICTURES']

/**
 * The tests of this block are steps of one story: after a step failed the rest cannot be told and is left out. After
 * each step no page may have complained; of a failed one the pages are kept as pictures.
 */
export function asOneStory(people: () => Record<string, Person | undefined>): void {
  // A step is many clicks, each with its own patience; this limit only ends what hangs altogether.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })
  let failed: string | undefined
  let steps = 0
  const present = () => Object.entries(people()).flatMap(([name, person]) => (person ? [{ name, person }] : []))
  beforeEach(({ skip }) => {
    if (failed !== undefined) skip(`the story ended at “${failed}”`)
  })
  afterEach(async ({ task }) => {
    const troubles = present().flatMap(({ name, person }) => person.takeTroubles().map((text) => `${name}: ${text}`))
    if (failed === undefined && (task.result?.state === 'fail' || troubles.length > 0)) {
      failed = task.name
      const folder = join(inject('keptFolder'), 'weir-journeys')
      await mkdir(folder, { recursive: true })
      for (const { name, person } of present())
        await person.page.screenshot({ path: join(folder, `${name}.png`), timeout: 5000 })
    }
    steps += 1
    if (pictures !== undefined) {
      const folder = join(pictures, basename(task.file.name, '.test.ts'))
      await mkdir(folder, { recursive: true })
      const step = `${String(steps).padStart(2, '0')}-${task.name.replace(/[^\w]+/g, '-').slice(0, 80)}`
      for (const { name, person } of present())
        await person.page.screenshot({ path: join(folder, `${step}-${name}.png`), fullPage: true, timeout: 10_000 })
    }
    expect(troubles).toEqual([])
  })
}
