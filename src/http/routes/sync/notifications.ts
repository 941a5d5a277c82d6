import * as contract from '../../../../contract/sync/notifications.ts'
import { setChat, testChat } from '../../../usecases/sync/calling/change-chat.ts'
import { getMailState, sendTestMail } from '../../../usecases/sync/calling/mail-state.ts'
import { findUnsubscription, unsubscribe } from '../../../usecases/sync/calling/unsubscribe.ts'
import { getNotificationSettings, updateNotificationSettings } from '../../../usecases/sync/notification-settings.ts'
import { listNotifications, readNotifications } from '../../../usecases/sync/notifications.ts'
import type { HttpContext } from '../../context.ts'
import { type BoundRoute, bind, bindPublic } from '../../route.ts'

/** Far more than people click, far less than it takes to guess anything or to fill a mailbox. */
const perMinute = 60

export function notificationRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listNotifications, async ({ query, principal: { organizationId, memberId } }) =>
      listNotifications(context, { organizationId, memberId, ...query }),
    ),
    bind(contract.readNotifications, async ({ body, principal: { organizationId, memberId } }) =>
      readNotifications(context, { organizationId, memberId, ...body }),
    ),
    bind(contract.getNotificationSettings, async ({ principal: { organizationId, memberId } }) =>
      getNotificationSettings(context, { organizationId, memberId }),
    ),
    bind(contract.updateNotificationSettings, async ({ body, principal: { organizationId, memberId } }) => {
      const { choices, digest_hour: digestHour, time_zone: timeZone } = body
      return updateNotificationSettings(context, { organizationId, memberId, choices, digestHour, timeZone })
    }),
    ...chatRoutes(context),
    bindPublic(contract.findUnsubscription, async ({ body }) => findUnsubscription(context, body), { perMinute }),
    bindPublic(contract.unsubscribe, async ({ body }) => unsubscribe(context, body), { perMinute }),
    bind(contract.getMailState, async ({ principal }) => getMailState(context, principal.organizationId)),
    bind(
      contract.sendTestMail,
      async ({ principal: { organizationId, memberId } }) => sendTestMail(context, { organizationId, memberId }),
      { perMinute },
    ),
  ]
}

function chatRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.setNotificationChat, async ({ body, principal: { organizationId, memberId } }) => {
      await setChat(context, { organizationId, memberId, ...body })
      return getNotificationSettings(context, { organizationId, memberId })
    }),
    bind(
      contract.testNotificationChat,
      async ({ body, principal: { organizationId, memberId } }) =>
        testChat(context, { organizationId, memberId, ...body }),
      { perMinute },
    ),
  ]
}
