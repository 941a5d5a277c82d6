import { matchesGlob } from '../../shared/glob.ts'
import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import type { PipelineSelector } from '../model/pipelines.ts'

export const definitionFile = 'bitbucket-pipelines.yml'

/** What one step of the file wants. */
export interface StepPlan {
  name: string
  image: string
  script: string[]
  /** Name of the environment it deploys to. */
  environment: string | null
  manual: boolean
  maxTime: number
}

export interface Plan {
  selector: PipelineSelector
  steps: StepPlan[]
}

/** Which part of the file a pipeline wants. */
export type PlanWish =
  | { kind: 'branch'; name: string }
  | { kind: 'tag'; name: string }
  | { kind: 'pull_request'; source: string }
  | { kind: 'default' }
  | { kind: 'selector'; selector: PipelineSelector }

const usualImage = 'atlassian/default-image:4'
const usualMaxTime = 120

function child(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function imageName(value: Json | undefined): string | undefined {
  return text(value) ?? text(child(value, 'name'))
}

interface Surroundings {
  image: string
  maxTime: number
  /** Of the stage around a step. */
  deployment?: string | undefined
  manual: boolean
}

function readStep(step: JsonObject, number: number, around: Surroundings): StepPlan {
  const script = Array.isArray(step['script']) ? step['script'] : []
  const maxTime = step['max-time']
  return {
    name: text(step['name']) ?? `Step ${number}`,
    image: imageName(step['image']) ?? around.image,
    script: script.map((line) => text(line) ?? text(child(line, 'pipe')) ?? '').filter((line) => line !== ''),
    environment: text(step['deployment']) ?? around.deployment ?? null,
    manual: step['trigger'] === 'manual' || around.manual,
    maxTime: typeof maxTime === 'number' ? maxTime : around.maxTime,
  }
}

/** Steps in order; parallel ones and those of a stage one after the other. */
function readSteps(items: Json | undefined, around: Surroundings, before = 0): StepPlan[] {
  const steps: StepPlan[] = []
  for (const item of Array.isArray(items) ? items : []) {
    const step = child(item, 'step')
    const parallel = child(item, 'parallel')
    const stage = child(item, 'stage')
    if (isJsonObject(step)) steps.push(readStep(step, before + steps.length + 1, around))
    else if (parallel !== undefined) {
      const inner = Array.isArray(parallel) ? parallel : child(parallel, 'steps')
      steps.push(...readSteps(inner, around, before + steps.length))
    } else if (isJsonObject(stage)) {
      const manual = stage['trigger'] === 'manual'
      const deployment = text(stage['deployment'])
      const inner = readSteps(stage['steps'], { ...around, deployment }, before + steps.length)
      steps.push(...inner.map((one, index) => (index === 0 && manual ? { ...one, manual } : one)))
    }
  }
  return steps
}

function byGlob(section: Json | undefined, name: string): string | undefined {
  if (!isJsonObject(section)) return undefined
  if (Object.hasOwn(section, name)) return name
  return Object.keys(section).find((pattern) => matchesGlob(pattern, name))
}

/** The selector that fits a wish and is in the file. */
function chooseSelector(pipelines: Json | undefined, wish: PlanWish): PipelineSelector | undefined {
  const defaults: PipelineSelector | undefined =
    child(pipelines, 'default') === undefined ? undefined : { type: 'default', pattern: '' }
  const glob = (type: 'branches' | 'tags' | 'pull-requests', name: string): PipelineSelector | undefined => {
    const pattern = byGlob(child(pipelines, type), name)
    return pattern === undefined ? undefined : { type, pattern }
  }
  switch (wish.kind) {
    case 'branch':
      return glob('branches', wish.name) ?? defaults
    case 'tag':
      return glob('tags', wish.name)
    case 'pull_request':
      return glob('pull-requests', wish.source)
    case 'default':
      return defaults
    case 'selector': {
      const { selector } = wish
      if (selector.type === 'default') return defaults
      return child(child(pipelines, selector.type), selector.pattern) === undefined ? undefined : selector
    }
    default:
      return wish satisfies never
  }
}

/** What the file says is to be done; undefined when it has nothing for the wish. */
export function planOf(document: Json, wish: PlanWish): Plan | undefined {
  const pipelines = child(document, 'pipelines')
  const selector = chooseSelector(pipelines, wish)
  if (selector === undefined) return undefined
  const section = child(pipelines, selector.type)
  const items = selector.type === 'default' ? section : child(section, selector.pattern)
  const maxTime = child(child(document, 'options'), 'max-time')
  const steps = readSteps(Array.isArray(items) ? items : child(items, 'steps'), {
    image: imageName(child(document, 'image')) ?? usualImage,
    maxTime: typeof maxTime === 'number' ? maxTime : usualMaxTime,
    manual: false,
  })
  return steps.length === 0 ? undefined : { selector, steps }
}
