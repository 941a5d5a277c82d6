import type { Walk } from '../walk.ts'
import { coreRefusalWalk } from './core-refusals.ts'
import { coreWalk } from './core.ts'
import { pipelinesWalk } from './pipelines.ts'
import { removedTrackerWalk, trackerWalk } from './tracker.ts'

export const allWalks: Walk[] = [coreWalk, coreRefusalWalk, pipelinesWalk, trackerWalk, removedTrackerWalk]
