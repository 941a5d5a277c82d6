import type { CallChannel, CallKind } from '../src/domain/calls/call-kinds.ts'
import { createCallSender } from '../src/jobs/call-sender.ts'
import { createHttpClient } from '../src/lib/http-client.ts'
import { createMailTransport } from '../src/lib/mail-transport.ts'
import { createSecretBox } from '../src/lib/secret-box.ts'
import { insertCalls } from '../src/store/sync/calls.ts'
import { writeChoices } from '../src/store/sync/notification-choices.ts'
import { composeDigests } from '../src/usecases/sync/calling/compose-calls.ts'
import { startMailServer } from './mail-server.ts'
import { createSyncWorld } from './sync-world.ts'
import { untilLetGo } from './until-let-go.ts'
import { startReceiver } from './webhook-receiver.ts'

export type CallingWorld = Awaited<ReturnType<typeof createCallingWorld>>

/** A connected organization with a mail server and a chat outside, and a sender whose turn is `sendAll`. */
export async function createCallingWorld() {
  const world = await createSyncWorld({ mode: 'legacy' })
  const server = await startMailServer()
  const receiver = await startReceiver()
  const http = createHttpClient({ allowedPrivateAddresses: [receiver.host], timeoutMs: 2000 })
  const secretBox = createSecretBox([new Uint8Array(32).fill(7)])
  const mail = createMailTransport({ server: server.address, from: 'Weir <weir@weir.example>' })
  const settings = { allowedPrivateAddresses: [receiver.host], publicUrl: world.deps.publicUrl }
  const deps = { ...world.deps, http, secretBox, mail, settings }
  const { organizationId, champion } = world.ids
  /** One look after what waits was gathered, until all it began has ended. */
  const sendAll = async (how: { mail?: undefined } | Record<string, never> = {}) => {
    world.later(61_000)
    const sender = createCallSender({ ...deps, ...how })
    await composeDigests(deps)
    await sender.look()
    await untilLetGo(world, 'outgoing_call')
    await sender.stop()
  }
  const call = (kind: CallKind, vulnerabilityId: string, subject = `${kind} of it`, memberId = champion) =>
    insertCalls(world.deps, world.db, {
      organizationId,
      calls: [{ memberId, vulnerabilityId, kind, subject }],
      now: world.deps.clock(),
    })
  return {
    ...world,
    deps,
    server,
    receiver,
    sendAll,
    call,
    mails: server.received,
    choose: (kind: CallKind, channel: CallChannel, wanted: boolean, memberId = champion) =>
      writeChoices(world.db, { organizationId, memberId }, [{ kind, channel, wanted }]),
    calls: () => world.db.selectFrom('outgoing_call').selectAll().orderBy('created_at').orderBy('id').execute(),
    emailOf: async (memberId = champion) =>
      (await world.db.selectFrom('member').select('email').where('id', '=', memberId).executeTakeFirstOrThrow()).email,
    forget: async () => {
      for (const table of [
        'notification',
        'outgoing_call',
        'notification_choice',
        'notification_rhythm',
        'member_chat',
      ] as const)
        await world.db.deleteFrom(table).execute()
      server.received.length = 0
      receiver.received.length = 0
      Object.assign(server.state, { verdict: undefined, recipient: undefined })
      Object.assign(receiver.state, { status: 204, headers: {}, text: '' })
    },
    close: async () => {
      mail.close()
      await receiver.close()
      await http.close()
      await server.close()
      await world.close()
    },
  }
}
