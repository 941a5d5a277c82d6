import { Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useStartOAuth } from '../../../api/connections.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { ApiForm, fieldError, readSecret, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { isWebAddress } from '../../../ui/links.tsx'
import { HostFields, type Requirements, readHost } from './host-fields.tsx'
import { ScopeList } from './scope-list.tsx'

/** With a consumer that is known already it is one click; otherwise its two values are asked once. */
export function OAuthForm({ requirements }: { readonly requirements: Requirements }) {
  const start = useStartOAuth()
  const known = requirements.oauth_consumer_client_id !== null
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
        {known ? (
          <Text>Bitbucket asks you to log in and to consent, then brings you back here.</Text>
        ) : (
          <ConsumerFields requirements={requirements} error={start.error} />
        )}
        <HostFields requirements={requirements} />
        <FormEnd submit="Continue at Bitbucket" form={start} icon={<Icon name="external" size={15} />} />
      </Stack>
    </ApiForm>
  )
}

function ConsumerFields({ requirements, error }: { readonly requirements: Requirements; readonly error: unknown }) {
  return (
    <>
      <Text c="dimmed">
        Once: in Bitbucket, open Workspace settings → OAuth consumers → Add consumer, mark it as private, set this
        callback URL and tick these permissions.
      </Text>
      <Group gap={6} wrap="nowrap">
        <Text fw={600} className="nowrap">
          Callback URL
        </Text>
        <Code className="break">{requirements.oauth_callback_url}</Code>
        <CopyButton value={requirements.oauth_callback_url} label="Copy the callback URL" />
      </Group>
      <ScopeList title="Permissions to tick" scopes={requirements.oauth_scopes} />
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
