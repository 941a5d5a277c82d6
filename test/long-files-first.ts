import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Beginnings of the paths of what takes long, or mostly waits, in the order it has to begin: else one is left alone at the end. */
const early = [
  // Collects garbage a hundred times: quick as long as its process has not much.
  'src/scanners/bad-input.',
  'src/usecases/sync/rate-limited-day.',
  'test/journeys/every-page.',
  'test/processes/',
  'test/journeys/story-',
  'test/journeys/connecting-',
  'test/journeys/',
  'test/chaos/',
  'simulators/bitbucket/openapi/',
  'simulators/bitbucket/clients/',
  'simulators/bitbucket/web/in-a-browser.',
  'scripts/write-simulator-table.',
  'src/main.',
  'src/store/embedded-postgres.',
  'src/usecases/sync/',
  'bench/',
]

/** A fresh machine knows no durations, and the size of a file says little about how long it takes. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (spec: TestSpecification): number => {
      const path = relative(this.ctx.config.root, spec.moduleId)
      const found = early.findIndex((beginning) => path.startsWith(beginning))
      return found === -1 ? early.length : found
    }
    const sort = super.sort.bind(this)
    return (await sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}
