import { resolveCommit } from '../git/refs.ts'
import type { PipelineSchedule, PipelineSelector, ScheduleExecution } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { readCron } from '../pipelines/cron.ts'
import { badRequest, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import type { Acting } from './pull-requests.ts'
import { startPipeline } from './run-pipeline.ts'

const minuteMs = 60_000
/** A clock that goes further than this at once is followed minute by minute on the last of its way alone. */
const longestJumpMs = 7 * 24 * 60 * minuteMs
const executionsKept = 100

export interface ScheduleInput {
  refName: string | undefined
  refType: string | undefined
  selector: PipelineSelector | undefined
  cronPattern: string | undefined
  enabled: boolean | undefined
}

export function getSchedule(repository: Repository, uuid: string): PipelineSchedule {
  const found = repository.pipelinesConfig.schedules.find((one) => one.uuid === uuid)
  if (found !== undefined) return found
  throw new SimulatorError(404, 'Not found', { detail: `Schedule with uuid ${uuid} does not exist` })
}

/** 400 for a pattern that is none, 401 (as documented) when the repository has all the schedules it may have. */
export async function createSchedule(sim: Sim, acting: Acting, input: ScheduleInput): Promise<PipelineSchedule> {
  const { repository, actor } = acting
  const { schedules } = repository.pipelinesConfig
  const problems: Record<string, string[]> = {}
  if (input.refName === undefined) problems['target.ref_name'] = ['required key not provided']
  if (input.refType !== 'branch') problems['target.ref_type'] = ['Schedules run on branches.']
  if (input.selector === undefined) problems['target.selector'] = ['required key not provided']
  if (input.cronPattern === undefined || readCron(input.cronPattern) === undefined)
    problems['cron_pattern'] = ['Not a valid cron pattern of seven fields.']
  if (Object.keys(problems).length > 0) throw badRequest('Bad request', problems)
  if ((await resolveCommit(repository.directory, `refs/heads/${input.refName ?? ''}`)) === undefined)
    throw badRequest('Bad request', { 'target.ref_name': ['No such branch.'] })
  if (schedules.length >= sim.switches.pipelines.schedulesPerRepository) {
    throw new SimulatorError(401, 'The maximum limit of schedules for this repository was reached.')
  }
  const date = sim.now()
  const schedule: PipelineSchedule = {
    uuid: sim.newUuid(),
    enabled: input.enabled ?? true,
    cronPattern: input.cronPattern ?? '',
    refName: input.refName ?? '',
    selector: input.selector ?? { type: 'default', pattern: '' },
    createdOn: date,
    updatedOn: date,
    owner: actor,
    checkedAt: sim.clock(),
    executions: [],
  }
  schedules.push(schedule)
  return schedule
}

export function setScheduleEnabled(sim: Sim, schedule: PipelineSchedule, enabled: boolean): void {
  schedule.enabled = enabled
  schedule.checkedAt = sim.clock()
  schedule.updatedOn = sim.now()
}

export function deleteSchedule(repository: Repository, schedule: PipelineSchedule): void {
  const { pipelinesConfig } = repository
  pipelinesConfig.schedules = pipelinesConfig.schedules.filter((one) => one !== schedule)
}

async function execute(sim: Sim, repository: Repository, schedule: PipelineSchedule): Promise<ScheduleExecution> {
  const hash = await resolveCommit(repository.directory, `refs/heads/${schedule.refName}`)
  if (hash === undefined) {
    const message = `The branch ${schedule.refName} does not exist.`
    return { kind: 'errored', key: 'schedule-service.branch-not-found', message }
  }
  const { refName, selector } = schedule
  try {
    const pipeline = await startPipeline(
      sim,
      { repository, actor: schedule.owner },
      { target: { kind: 'ref', refType: 'branch', refName, hash, selector }, trigger: 'SCHEDULED', variables: [] },
    )
    return { kind: 'executed', pipeline }
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error
    const { detail, data } = error.parts
    return {
      kind: 'errored',
      key: typeof data?.['key'] === 'string' ? data['key'] : 'schedule-service.failed',
      message: typeof detail === 'string' ? detail : error.message,
    }
  }
}

async function runDue(
  sim: Sim,
  repository: Repository,
  { schedule, now }: { schedule: PipelineSchedule; now: number },
) {
  const isDue = readCron(schedule.cronPattern)
  const from = Math.max(schedule.checkedAt, sim.time.goal() - longestJumpMs)
  schedule.checkedAt = now
  if (isDue === undefined) return
  for (let minute = Math.floor(from / minuteMs) + 1; minute * minuteMs <= now; minute += 1) {
    if (!isDue(minute * minuteMs)) continue
    schedule.executions.push(await execute(sim, repository, schedule))
    if (schedule.executions.length > executionsKept) schedule.executions.shift()
  }
}

/** Starts what the schedules want since they were last looked at. */
export async function runSchedules(sim: Sim, now: number): Promise<void> {
  for (const repository of sim.repositories) {
    for (const schedule of repository.pipelinesConfig.schedules) {
      if (schedule.enabled) await runDue(sim, repository, { schedule, now })
    }
  }
}

function nextDue({ cronPattern, checkedAt }: PipelineSchedule): number {
  const isDue = readCron(cronPattern)
  const last = checkedAt + longestJumpMs
  let minute = (Math.floor(checkedAt / minuteMs) + 1) * minuteMs
  while (minute < last && isDue?.(minute) !== true) minute += minuteMs
  return minute
}

/** When the first schedule is due, or has to be looked at again because it is not for long; undefined when there is none. */
export function nextScheduled(sim: Sim): number | undefined {
  const enabled = sim.repositories.flatMap((one) => one.pipelinesConfig.schedules.filter((each) => each.enabled))
  if (enabled.length === 0) return undefined
  // What runs by itself is looked at often enough.
  if (!sim.time.isByHand()) return Number.POSITIVE_INFINITY
  return Math.max(Math.min(...enabled.map(nextDue)), sim.time.goal() - longestJumpMs)
}
