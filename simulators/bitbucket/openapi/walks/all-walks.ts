import type { Walk } from '../walk.ts'
import { coreWalk } from './core.ts'
import { removedTrackerWalk, trackerWalk } from './tracker.ts'

export const allWalks: Walk[] = [coreWalk, trackerWalk, removedTrackerWalk]
