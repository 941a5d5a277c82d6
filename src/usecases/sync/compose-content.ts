import type { ItemContent } from '../../domain/item-text.ts'
import { type Redaction, redact, redactSecrets } from '../../domain/sending/redact.ts'
import {
  defaultSending,
  resolveSending,
  routeSending,
  type SendingRules,
  sendingRules,
} from '../../domain/sending/sending-rules.ts'
import type { Db } from '../../store/db.ts'
import type { findItemSource } from '../../store/sync/sendable.ts'
import { findStoredSending } from '../../store/sync/sending-settings.ts'

export type ItemSource = NonNullable<Awaited<ReturnType<typeof findItemSource>>>

/** What the organization decided about the texts of items. */
export async function readSending(db: Db, organizationId: string): Promise<SendingRules> {
  const stored = await findStoredSending(db, organizationId)
  return stored === null ? defaultSending : sendingRules.parse(stored)
}

type Rules = { organization: SendingRules; routeSettings: unknown }

/** What an item says of a vulnerability, by the templates in force, without secrets and without code that may not leave. */
export function composeContent(
  { source, vulnerabilityId, publicUrl }: { source: ItemSource; vulnerabilityId: string; publicUrl: string },
  { organization, routeSettings }: Rules,
): ItemContent {
  const { template, sendsCode } = resolveSending(organization, routeSending.parse(routeSettings ?? {}), source.kind)
  const isSecret = source.kind === 'secret'
  const redaction: Redaction = { isSecret, sendsCode, snippet: source.snippet }
  return {
    number: source.number,
    title: redact(source.title, redaction),
    severity: source.severity,
    scanner: source.scanner,
    ruleId: source.rule_id,
    isByHand: source.source === 'person',
    path: source.path,
    line: source.line,
    branch: source.branch,
    why: redact(source.message ?? source.description, redaction),
    helpUrl: source.help_uri === null ? null : redactSecrets(source.help_uri),
    url: `${publicUrl}/vulnerabilities/${vulnerabilityId}`,
    dueAt: source.due_at,
    kind: source.kind,
    asset: source.asset_name,
    code: sendsCode && !isSecret && source.snippet !== null ? redactSecrets(source.snippet) : null,
    template,
  }
}
