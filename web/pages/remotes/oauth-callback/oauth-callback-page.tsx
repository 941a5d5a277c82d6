import { Stack } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useFinishOAuth } from '../../../api/connections.ts'
import { ButtonLink } from '../../../ui/links.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { remoteWords } from '../remote-words.ts'

const route = getRouteApi('/app/oauth/$remote/callback')

/** Where a remote sends the browser back to. What it brought is used once and leaves the address. */
export function OAuthCallbackPage() {
  const search = route.useSearch()
  const { remote } = route.useParams()
  const { title, page } = remoteWords[remote === 'jira' ? 'jira' : 'bitbucket']
  const navigate = useNavigate()
  const finish = useFinishOAuth()
  const started = useRef(false)
  const { state, code, error, error_description } = search
  useEffect(() => {
    if (started.current || state === undefined) return
    started.current = true
    finish.mutate(
      {
        body: {
          state,
          ...(code !== undefined && { code }),
          ...(error !== undefined && { error }),
          ...(error_description !== undefined && { error_description }),
        },
      },
      {
        onSuccess: (connection) =>
          void navigate({ to: '/integrations/connections/$id', params: { id: connection.id }, replace: true }),
      },
    )
  }, [state, code, error, error_description, finish, navigate])
  return (
    <>
      <PageHeader title={`Connecting ${title}`} />
      <Panel>
        {state === undefined && (
          <EmptyState
            icon="alert"
            title={`Nothing came back from ${title}`}
            text="Begin again from Integrations; this address is only for the way back."
            action={<ButtonLink to={page}>Open integrations</ButtonLink>}
          />
        )}
        {finish.isPending && <LoadingRows rows={3} />}
        {finish.isError && (
          <Stack>
            <ProblemNote error={finish.error} />
            <div>
              <ButtonLink to={page}>Begin again</ButtonLink>
            </div>
          </Stack>
        )}
      </Panel>
    </>
  )
}
