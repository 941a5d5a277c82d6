import type { Walk } from '../walk.ts'
import { administrationWalk } from './administration.ts'
import { codeWalk } from './code.ts'
import { coreWalk } from './core.ts'
import { coreRefusalWalk } from './core-refusals.ts'
import { forkWalk } from './forks.ts'
import { pipelinesWalk } from './pipelines.ts'
import { projectsWalk } from './projects.ts'
import { removedTrackerWalk, trackerWalk } from './tracker.ts'

export const allWalks: Walk[] = [
  coreWalk,
  codeWalk,
  coreRefusalWalk,
  forkWalk,
  administrationWalk,
  projectsWalk,
  pipelinesWalk,
  trackerWalk,
  removedTrackerWalk,
]
