import { relative } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'

const many = 15

/** At the end of a whole run: the files that took longest, their hooks and loading included, to keep the suite fast. */
export default class SlowestFiles implements Reporter {
  readonly #taken = new Map<string, number>()

  onTestModuleEnd(module: TestModule): void {
    const { duration, collectDuration, setupDuration } = module.diagnostic()
    this.#taken.set(module.moduleId, duration + collectDuration + setupDuration)
  }

  onTestRunEnd(): void {
    if (this.#taken.size <= many) return
    const slowest = [...this.#taken].toSorted(([, one], [, other]) => other - one).slice(0, many)
    console.log(`\nSlowest of ${this.#taken.size} files:`)
    for (const [file, ms] of slowest)
      console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${relative(process.cwd(), file)}`)
  }
}
