import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { RouteResponse } from '../../../api/route-types.ts'
import { invitationQuery, sessionQuery, useAcceptInvitation } from '../../../api/session.ts'
import { ApiForm, fieldError, readSecret, readText } from '../../../ui/form.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { useFirstFocus } from '../../../ui/use-first-focus.ts'
import { EntryFrame } from '../entry-frame.tsx'

/** The token stands behind `#`, so that no server and no log ever sees it in an address. */
function readToken(): string {
  const fragment = location.hash.slice(1)
  return new URLSearchParams(fragment).get('token') ?? fragment
}

export function InvitationPage() {
  const [token] = useState(readToken)
  const found = useQuery({ ...invitationQuery(token), enabled: token !== '', retry: false, staleTime: Infinity })
  const title = found.data === undefined ? 'Invitation' : `Join ${found.data.organization_name}`
  return (
    <EntryFrame title={title}>
      {token === '' && (
        <EmptyState
          icon="link"
          title="This link is incomplete"
          text="Open the whole link you were given, with everything behind the # sign, or ask for a new one."
        />
      )}
      {token !== '' && found.isPending && <LoadingRows rows={3} />}
      {found.isError && <ProblemNote error={found.error} />}
      {found.data !== undefined && <AcceptForm token={token} invitation={found.data} />}
    </EntryFrame>
  )
}

type AcceptFormProps = { readonly token: string; readonly invitation: RouteResponse<'findInvitation'> }

function AcceptForm({ token, invitation }: AcceptFormProps) {
  const accept = useAcceptInvitation()
  const first = useFirstFocus<HTMLInputElement>()
  const client = useQueryClient()
  const navigate = useNavigate()
  const isNew = !invitation.has_account
  const submit = (form: FormData) =>
    accept.mutate(
      { body: { token, password: readSecret(form, 'password'), ...(isNew && { name: readText(form, 'name') }) } },
      {
        onSuccess: (session) => {
          client.clear()
          client.setQueryData(sessionQuery.queryKey, session)
          void navigate({ to: '/' })
        },
      },
    )
  return (
    <ApiForm label="Accept the invitation" onSubmit={submit}>
      <Stack>
        <Text>
          You are invited as <strong>{invitation.role}</strong>.
          {invitation.has_account && ' You have an account here already: its password is enough.'}
        </Text>
        <TextInput label="E-mail" value={invitation.email} readOnly autoComplete="username" />
        {isNew && <TextInput name="name" label="Your name" required maxLength={200} autoComplete="name" ref={first} />}
        <PasswordInput
          name="password"
          label="Password"
          {...(isNew && { description: 'At least 12 characters.', minLength: 12 })}
          required
          maxLength={128}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          error={fieldError(accept.error, 'password')}
        />
        <FormProblem error={accept.error} />
        <Button type="submit" loading={accept.isPending} fullWidth mt="xs">
          Join
        </Button>
      </Stack>
    </ApiForm>
  )
}
