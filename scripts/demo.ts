// `npm run demo`: a simulated Bitbucket and Weir side by side, with the whole story really played between them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureWebBuilt } from './build-web.ts'
import { takeDemoFolder } from './demo/demo-folder.ts'
import {
  freePort,
  type RunningProcess,
  type SimulatorFacts,
  startSimulatorProcess,
  startWeirProcess,
} from './demo/processes.ts'
import { people, playStory, type Step } from './demo/story.ts'
import { ensureProgram, git } from './ensure-program.ts'

const usage = 'usage: npm run demo -- [--once] [--mode 2026|legacy] [--port 8420] [--bitbucket-port 8421]'
const options = {
  once: { type: 'boolean', default: false },
  mode: { type: 'string', default: '2026' },
  port: { type: 'string', default: '8420' },
  'bitbucket-port': { type: 'string', default: '8421' },
} as const

function readOptions() {
  try {
    return parseArgs({ options }).values
  } catch {
    console.error(usage)
    process.exit(2)
  }
}

const values = readOptions()
if (values.mode !== '2026' && values.mode !== 'legacy') {
  console.error(usage)
  process.exit(2)
}

const steps: { name: string; ms: number }[] = []
const step: Step = async (name, act) => {
  const started = performance.now()
  const result = await act()
  const ms = Math.round(performance.now() - started)
  steps.push({ name, ms })
  console.log(`✓ ${name} (${(ms / 1000).toFixed(1)} s)`)
  return result
}

const running: RunningProcess[] = []
// The simulator forgets everything when it stops, so a demonstration always begins anew; never in the real data folder.
const dataFolder = values.once ? mkdtempSync(join(tmpdir(), 'weir-demo-')) : resolve('data', 'demo')
const folder = takeDemoFolder(dataFolder)
if (folder.kind === 'taken') {
  console.error(folder.sentence)
  process.exit(1)
}
const { note, release } = folder

async function stopAll(): Promise<void> {
  for (const one of running.splice(0).toReversed()) await one.stop()
  release()
  if (values.once) for (const path of [dataFolder, `${dataFolder}.lock`]) rmSync(path, { recursive: true, force: true })
}

type Played = { facts: SimulatorFacts; baseUrl: string; discussion: string }

async function play(): Promise<Played> {
  const facts = await step('start the simulated Bitbucket', async () => {
    ensureProgram(git)
    const port = await freePort(values.once ? 0 : Number(values['bitbucket-port']))
    return startSimulatorProcess({ mode: values.mode, port, seed: 1, running })
  })
  await step('build the pages', ensureWebBuilt)
  const { baseUrl, setupToken } = await step('start Weir with its embedded PostgreSQL', async () => {
    const port = await freePort(values.once ? 0 : Number(values.port))
    return startWeirProcess({ dataFolder, port, facts, running, onSetup: sayHowToBeginAnew })
  })
  note(baseUrl)
  const { discussion } = await playStory({ baseUrl, setupToken, facts, step })
  return { facts, baseUrl, discussion }
}

function sayHowToBeginAnew(line: string): void {
  const back = 'To have the story back, press Ctrl+C and start `npm run demo` again.'
  console.log(`\n  The demo was wiped. ${line.replace('Weir is empty. ', '')}\n  ${back}`)
}

function describe({ facts, baseUrl, discussion }: Played): string {
  const here = people.map(
    ({ name, email, role, password }) => `    ${role.padEnd(10)} ${email.padEnd(30)} ${password}   (${name})`,
  )
  const there = facts.users.map(
    (user) => `    ${user.role.padEnd(10)} ${user.username.padEnd(30)} ${user.password}   (${user.display_name})`,
  )
  return [
    '',
    `  Weir                 ${baseUrl}`,
    ...here,
    `  Simulated Bitbucket  ${facts.web}`,
    ...there,
    '',
    '  Three things to try',
    '  1. In Weir as the champion: the bell has an unread question. Open it, answer on the Security Champions tab.',
    '  2. In the simulated Bitbucket as tomas-okoye: open the discussion below, use Reply under the comment (in legacy mode',
    '     the field below it), and watch Weir without reloading.',
    `     ${discussion}`,
    '  3. In Weir as the administrator: Integrations → Deliveries shows all that went in and out; replay one, nothing doubles.',
    '',
    '  Ctrl+C stops both.',
  ].join('\n')
}

// A terminal's Ctrl+C may arrive twice, from it and from the process above: the second must not cut the stop short.
let isStopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopping) return
    isStopping = true
    stopAll().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}

try {
  const addresses = await play()
  if (values.once) {
    await stopAll()
    console.log(JSON.stringify({ ok: true, steps }))
  } else {
    console.log(describe(addresses))
  }
} catch (error) {
  await stopAll()
  console.error(error instanceof Error ? error.message : error)
  if (values.once) console.log(JSON.stringify({ ok: false, steps }))
  process.exit(1)
}
