import { Button, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { describeKind } from '../../../../src/domain/calls/describe-kind.ts'
import { unsubscriptionQuery, useUnsubscribe } from '../../../api/notifications.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { AnchorLink } from '../../../ui/links.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { EntryFrame } from '../../access/entry-frame.tsx'

const route = getRouteApi('/unsubscribe')

/** Where a link in a mail leads: asks once, since programs that look into mails follow links, too. */
export function UnsubscribePage() {
  const { token = '' } = route.useSearch()
  const found = useQuery({ ...unsubscriptionQuery(token), enabled: token !== '', retry: false, staleTime: Infinity })
  return (
    <EntryFrame title="Fewer mails">
      {token === '' && (
        <EmptyState icon="link" title="This link is incomplete" text="Open the whole link that stands in the mail." />
      )}
      {token !== '' && found.isPending && <LoadingRows rows={3} />}
      {found.isError && <ProblemNote error={found.error} />}
      {found.data !== undefined && <Question token={token} found={found.data} />}
    </EntryFrame>
  )
}

type QuestionProps = { readonly token: string; readonly found: RouteResponse<'findUnsubscription'> }

function Question({ token, found }: QuestionProps) {
  const end = useUnsubscribe()
  return (
    <Stack>
      <Text className="break">
        {end.isSuccess ? 'No more mails go to ' : 'Mails of Weir to '}
        <strong>{found.email}</strong> ({found.organization_name}), when:
      </Text>
      <List size="sm">
        {found.kinds.map((kind) => (
          <List.Item key={kind}>{describeKind(kind)}</List.Item>
        ))}
      </List>
      <FormProblem error={end.error} />
      {!end.isSuccess && (
        <Button loading={end.isPending} onClick={() => end.mutate({ body: { token } })}>
          No more of these mails
        </Button>
      )}
      <Text size="sm" c="dimmed">
        All choices stand under <AnchorLink to="/settings/notifications">Settings, Notifications</AnchorLink>.
      </Text>
    </Stack>
  )
}
