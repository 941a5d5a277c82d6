import { Anchor, Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useStartOAuth } from '../../../api/connections.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { ApiForm, fieldError, readSecret, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { isWebAddress } from '../../../ui/links.tsx'
import { HostFields, type Requirements, readHost } from './host-fields.tsx'
import { ScopeList } from './scope-list.tsx'

/** With a consumer that is known it is one click; its key and secret can be given anew at any time, since they may have changed there. */
export function OAuthForm({ requirements }: { readonly requirements: Requirements }) {
  const start = useStartOAuth()
  const known = requirements.oauth_consumer_client_id
  const [isAnew, setAnew] = useState(known === null)
  const submit = (form: FormData) => {
    const clientId = readText(form, 'client_id')
    const clientSecret = readSecret(form, 'client_secret').trim()
    start.mutate(
      {
        body: {
          kind: 'bitbucket',
          ...(clientId !== '' && { client_id: clientId }),
          ...(clientSecret !== '' && { client_secret: clientSecret }),
          ...readHost(form),
        },
      },
      {
        onSuccess: ({ authorization_url }) => {
          if (isWebAddress(authorization_url)) location.assign(authorization_url)
        },
      },
    )
  }
  return (
    <ApiForm onSubmit={submit} label="Log in at Bitbucket">
      <Stack>
        {isAnew ? <ConsumerSteps requirements={requirements} /> : <KnownConsumer clientId={known ?? ''} />}
        <CallbackUrl value={requirements.oauth_callback_url} />
        {isAnew && <ConsumerFields error={start.error} />}
        {known !== null && (
          <Anchor component="button" type="button" size="sm" ta="left" onClick={() => setAnew(!isAnew)}>
            {isAnew ? 'Use the consumer that is known' : 'Use another consumer, or change key and secret'}
          </Anchor>
        )}
        {isAnew && <HostFields requirements={requirements} />}
        <FormEnd submit="Continue at Bitbucket" form={start} icon={<Icon name="external" size={15} />} />
      </Stack>
    </ApiForm>
  )
}

function KnownConsumer({ clientId }: { readonly clientId: string }) {
  return (
    <>
      <Text>Bitbucket asks you to log in and to consent, then brings you back here.</Text>
      <Text c="dimmed">
        With the OAuth consumer <Code className="break">{clientId}</Code>, which let somebody in before. In Bitbucket it
        must still have this callback URL.
      </Text>
    </>
  )
}

function ConsumerSteps({ requirements }: { readonly requirements: Requirements }) {
  return (
    <>
      <Text c="dimmed">
        Once: in Bitbucket, open Workspace settings → OAuth consumers → Add consumer, mark it as private, set the
        callback URL below and tick these permissions.
      </Text>
      <ScopeList title="Permissions" scopes={requirements.oauth_scopes} />
    </>
  )
}

function CallbackUrl({ value }: { readonly value: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Text fw={600} className="nowrap">
        Callback URL
      </Text>
      <Code className="break">{value}</Code>
      <CopyButton value={value} label="Copy the callback URL" />
    </Group>
  )
}

function ConsumerFields({ error }: { readonly error: unknown }) {
  return (
    <>
      <TextInput
        name="client_id"
        label="Key"
        required
        autoComplete="off"
        spellCheck={false}
        error={fieldError(error, 'client_id')}
      />
      <PasswordInput
        name="client_secret"
        label="Secret"
        required
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret' }}
        error={fieldError(error, 'client_secret')}
      />
    </>
  )
}
