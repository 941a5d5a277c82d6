import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { readInstance } from './instance.ts'
import { pushDefect } from './push-defect.ts'
import { sendVulnerability } from './send-vulnerability.ts'

const places = [
  ['legacy', '/issues'],
  ['2026', '/pullrequests/4/comments'],
] as const

describe.each(places)('failure 46: two installations on one repository, in %s mode', (mode, path) => {
  let world: SyncWorld
  beforeAll(async () => {
    world = await createSyncWorld({ mode })
  })
  afterAll(() => world.close())

  test('what the other one made, even for a defect of the same id, is neither taken over nor touched', async () => {
    const { organizationId } = world.ids
    const vulnerabilityId = await world.addProblem()
    const { id: defectId } = await sendVulnerability(world.deps, {
      organizationId,
      vulnerabilityId,
      actor: world.champion,
    })
    const ours = await readInstance(world.db)
    const body = `Of the other installation.\n\n[weir]: #0123456789ab-${defectId}\n`
    const foreign = await world.bot.call('POST', path, { title: 'Theirs', content: { raw: body } })
    expect(ours).not.toBe('0123456789ab')
    await pushDefect(world.deps, { organizationId, defectId })
    await world.settle()
    const item = await world.itemOf(vulnerabilityId)
    expect(String(item.rootId)).not.toBe(String(foreign.id))
    await world.say(vulnerabilityId, 'From here.')
    await world.settle()
    await world.reconcile(true)
    await world.settle()
    expect((await world.thread(vulnerabilityId)).map((one) => one.body)).toEqual(['From here.'])
    const theirs = await world.dana.call('GET', `${path}/${foreign.id}`)
    expect(theirs.content.raw).toContain('Of the other installation.')
    expect(theirs.updated_on).toBe(foreign.updated_on)
  })
})
