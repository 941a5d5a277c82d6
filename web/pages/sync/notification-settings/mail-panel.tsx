import { Button, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import type { MailState } from '../../../../contract/sync/notifications.ts'
import { mailQuery, useSendTestMail } from '../../../api/notifications.ts'
import { FactList } from '../../../ui/fact-list.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

/** Whether this Weir sends e-mail, for those who can see to it. */
export function MailPanel() {
  const mail = useQuery(mailQuery)
  const test = useSendTestMail()
  const send = () =>
    test.mutate(
      {},
      { onSuccess: ({ sent_to }) => notifications.show({ message: `A mail is on its way to ${sent_to}` }) },
    )
  return (
    <Panel
      title="E-mail of this Weir"
      lead="The mail server for everybody, set by who runs Weir."
      actions={
        mail.data?.state === 'on' && (
          <Button variant="default" loading={test.isPending} onClick={send}>
            Send a test mail
          </Button>
        )
      }
    >
      <Stack>
        {mail.isPending && <LoadingRows rows={3} height={24} />}
        {mail.isError && <ProblemNote error={mail.error} onRetry={() => void mail.refetch()} />}
        {mail.data !== undefined && <MailFacts mail={mail.data} />}
        <FormProblem error={test.error} />
      </Stack>
    </Panel>
  )
}

function MailFacts({ mail }: { readonly mail: MailState }) {
  if (mail.state === 'off')
    return (
      <Text>
        No e-mail is sent. Who runs Weir turns it on by <code>WEIR_SMTP_URL</code> and <code>WEIR_MAIL_FROM</code>, and
        starts Weir again.
      </Text>
    )
  return (
    <Stack gap="sm">
      <FactList
        facts={[
          { name: 'Server', value: mail.server },
          { name: 'Sender', value: mail.from },
          { name: 'Sent last', value: mail.last_sent_at === null ? 'never' : <TimeAgo at={mail.last_sent_at} /> },
          { name: 'Waiting', value: count(mail.waiting, 'mail') },
        ]}
      />
      {mail.last_error !== null && (
        <Text c="var(--bad-fg)" className="break">
          The last mail could not be sent. {mail.last_error}
        </Text>
      )}
    </Stack>
  )
}
