import type { SecretBox } from '../../../lib/secret-box.ts'
import type { ChatKey } from '../../../store/sync/member-chats.ts'

const contextOf = ({ organizationId, memberId, channel }: ChatKey) =>
  `member_chat.sealed_url ${organizationId}/${memberId}/${channel}`

export function sealChatUrl(box: SecretBox, key: ChatKey, url: string): string {
  return box.seal(url, contextOf(key))
}

/** Undefined where the key is another one, as after restoring a backup without it. */
export function openChatUrl(box: SecretBox, key: ChatKey, sealed: string): string | undefined {
  try {
    return box.open(sealed, contextOf(key))
  } catch {
    return undefined
  }
}
