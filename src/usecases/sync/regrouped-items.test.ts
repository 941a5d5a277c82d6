import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { mergeVulnerabilities } from '../security/regrouping/merge-vulnerabilities.ts'
import { undoMerge } from '../security/regrouping/undo-merge.ts'
import { applyMoves } from '../security/vulnerabilities/apply-move.ts'

describe.each(['2026', 'legacy'] as const)(
  'failure 43: vulnerabilities that are merged and taken apart, in %s mode',
  (mode) => {
    let world: SyncWorld
    beforeAll(async () => {
      world = await createSyncWorld({ mode })
    })
    afterAll(() => world.close())

    const bodies = async (vulnerabilityId: string) => (await world.thread(vulnerabilityId)).map((one) => one.body)
    const live = async (vulnerabilityIds: string[]) =>
      world.db
        .selectFrom('defect')
        .select(['vulnerability_id', 'link'])
        .where('vulnerability_id', 'in', vulnerabilityIds)
        .where('ended_at', 'is', null)
        .execute()

    test('each keeps its one item and its thread: nothing is sent twice, and what developers say still arrives', async () => {
      const { organizationId, champion } = world.ids
      const who = { organizationId, actor: world.champion, viewer: { memberId: champion, role: 'champion' as const } }
      const [one, other] = [await world.sendProblem(), await world.sendProblem()]
      const both = [one.vulnerabilityId, other.vulnerabilityId]
      await mergeVulnerabilities(world.deps, { ...who, into: one.vulnerabilityId, ids: [other.vulnerabilityId] })
      await world.settle()
      await other.answer('Said at the item of the merged one.')
      await one.answer('Said at the item of the one that stayed.')
      await world.settle()
      await world.reconcile(true)
      await world.settle()
      expect(await bodies(one.vulnerabilityId)).toEqual(['Said at the item of the one that stayed.'])
      expect(await bodies(other.vulnerabilityId)).toContain('Said at the item of the merged one.')
      expect(await live(both)).toHaveLength(2)
      await undoMerge(world.deps, { ...who, id: other.vulnerabilityId })
      await world.settle()
      expect((await live(both)).map(({ link }) => link)).toEqual(['ok', 'ok'])
    })

    test('fixed together, both items are closed', async () => {
      const { organizationId, champion, importId } = world.ids
      const viewer = { memberId: champion, role: 'champion' as const }
      const [one, other] = [await world.sendProblem(), await world.sendProblem()]
      await mergeVulnerabilities(world.deps, {
        organizationId,
        actor: world.champion,
        viewer,
        into: one.vulnerabilityId,
        ids: [other.vulnerabilityId],
      })
      await world.db.transaction().execute((tx) =>
        applyMoves(world.deps, tx, {
          organizationId,
          moves: [{ vulnerabilityId: one.vulnerabilityId, to: 'fixed' }],
          actor: { kind: 'scan', importId, name: 'import of report.sarif' },
          moveActor: 'scan',
        }),
      )
      await world.settle()
      const agreed = await world.db
        .selectFrom('defect')
        .select('agreed')
        .where('vulnerability_id', 'in', [one.vulnerabilityId, other.vulnerabilityId])
        .execute()
      expect(agreed.map((row) => (row.agreed as { state: string }).state)).toEqual(['closed', 'closed'])
    })
  },
)
