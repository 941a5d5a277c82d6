import { Button, Text, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Webhook } from '../../../../contract/remotes/webhooks.ts'
import { useTestWebhook } from '../../../api/connections.ts'
import { ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

type Test = NonNullable<Webhook['test']>

/** Its latest test did not arrive, and nothing has since; or what happened there was only found by comparing. */
export function isSilent({ health, test, last_delivery_at: last, missed_changes: missed }: Webhook): boolean {
  return health === 'ok' && (missed > 0 || (test?.outcome === 'lost' && (last === null || last < test.at)))
}

/** Jira has nothing that could be changed for a test without telling people: what arrives, or was missed, is the proof. */
export function WebhookProof({ webhook }: { readonly webhook: Webhook }) {
  const { health, last_delivery_at: last, missed_changes: missed } = webhook
  if (health !== 'ok') return null
  return (
    <Text size="xs" c={missed > 0 ? 'var(--bad-fg)' : 'dimmed'} className="break">
      {missed > 0 ? (
        `Comparing found ${count(missed, 'change')} that no delivery told of: look in Jira whether the webhook is on, and whether Jira can reach ${new URL(webhook.url).origin}.`
      ) : last === null ? (
        'Nothing has arrived yet: the first change of an issue will prove it. Jira has no test that tells nobody; until then comparing finds what is missed.'
      ) : (
        <>
          {'Proved by its last signed delivery '}
          <TimeAgo at={last} />
          {'; comparing has found nothing since that it missed.'}
        </>
      )}
    </Text>
  )
}

export function WebhookTestResult({ webhook }: { readonly webhook: Webhook }) {
  const { test } = webhook
  if (test === null) return null
  return (
    <>
      <Text size="xs" c="dimmed">
        {'Tested '}
        <TimeAgo at={test.at} />
        {`: ${inWords(test)}`}
      </Text>
      {test.outcome !== 'arrived' && test.note !== null && (
        <Text size="xs" className="break">
          {test.note}
        </Text>
      )}
    </>
  )
}

export function WebhookTestButton({ webhook, name }: { readonly webhook: Webhook; readonly name: string }) {
  const test = useTestWebhook()
  const run = () =>
    test.mutate(
      { params: { id: webhook.id } },
      { onSuccess: (after) => after.test !== null && notifications.show({ message: `Test: ${inWords(after.test)}` }) },
    )
  return (
    <>
      <Tooltip
        label="Sets a build status “Weir: webhook test” on the newest commit, and waits up to 15 seconds for its delivery"
        multiline
        maw={320}
      >
        <Button
          size="compact-xs"
          variant="default"
          loading={test.isPending}
          aria-label={`Test the webhook of ${name}`}
          onClick={run}
        >
          Test
        </Button>
      </Tooltip>
      {test.error !== null && <ProblemNote error={test.error} />}
    </>
  )
}

function inWords({ outcome, ms }: Test): string {
  switch (outcome) {
    case 'running':
      return 'waiting for the delivery'
    case 'arrived':
      return `arrived after ${((ms ?? 0) / 1000).toFixed(1)} s`
    case 'lost':
      return 'did not arrive'
    case 'impossible':
      return 'could not be tested'
    default:
      return outcome satisfies never
  }
}
