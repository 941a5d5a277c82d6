import type { Walk } from '../walk.ts'
import { coreWalk } from './core.ts'
import { trackerWalk } from './tracker.ts'

export const allWalks: Walk[] = [coreWalk, trackerWalk]
