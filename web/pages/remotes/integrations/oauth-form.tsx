import { Anchor, Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { useStartOAuth } from '../../../api/connections.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { ApiForm, fieldError, readSecret, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { isWebAddress } from '../../../ui/links.tsx'
import { type Requirements, readHost } from './host-fields.tsx'
import { ScopeList } from './scope-list.tsx'

type OAuthFormProps = {
  readonly kind: Connection['kind']
  readonly callbackUrl: string
  /** The key of the consumer that let somebody in before. */
  readonly known: string | null
  /** How a consumer is made there, once. */
  readonly steps: ReactNode
  readonly hosts?: ReactNode
}

/** With a consumer that is known it is one click; its key and secret can be given anew at any time, since they may have changed there. */
export function OAuthForm({ kind, callbackUrl, known, steps, hosts }: OAuthFormProps) {
  const start = useStartOAuth()
  const words = consumerWords[kind]
  const [isAnew, setAnew] = useState(known === null)
  const submit = (form: FormData) => {
    const clientId = readText(form, 'client_id')
    const clientSecret = readSecret(form, 'client_secret').trim()
    start.mutate(
      {
        body: {
          kind,
          ...(clientId !== '' && { client_id: clientId }),
          ...(clientSecret !== '' && { client_secret: clientSecret }),
          ...(kind === 'bitbucket' && readHost(form)),
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
    <ApiForm onSubmit={submit} label={`Log in at ${words.title}`}>
      <Stack>
        {isAnew ? steps : <KnownConsumer kind={kind} clientId={known ?? ''} />}
        <CallbackUrl value={callbackUrl} />
        {isAnew && <ConsumerFields kind={kind} error={start.error} />}
        {known !== null && (
          <Anchor component="button" type="button" size="sm" ta="left" onClick={() => setAnew(!isAnew)}>
            {isAnew ? words.toKnown : words.toAnother}
          </Anchor>
        )}
        {isAnew && hosts}
        <FormEnd submit={`Continue at ${words.title}`} form={start} icon={<Icon name="external" size={15} />} />
      </Stack>
    </ApiForm>
  )
}

type KnownConsumerProps = { readonly kind: Connection['kind']; readonly clientId: string }

function KnownConsumer({ kind, clientId }: KnownConsumerProps) {
  const { title, consumer } = consumerWords[kind]
  return (
    <>
      <Text>{title} asks you to log in and to consent, then brings you back here.</Text>
      <Text c="dimmed">
        With the {consumer} <Code className="break">{clientId}</Code>, which let somebody in before. There it must still
        have this callback URL.
      </Text>
    </>
  )
}

/** How a consumer of Bitbucket is made. */
export function BitbucketConsumerSteps({ requirements }: { readonly requirements: Requirements }) {
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

const consumerWords = {
  bitbucket: {
    title: 'Bitbucket',
    consumer: 'OAuth consumer',
    key: 'Key',
    toKnown: 'Use the consumer that is known',
    toAnother: 'Use another consumer, or change key and secret',
  },
  jira: {
    title: 'Atlassian',
    consumer: 'OAuth app',
    key: 'Client ID',
    toKnown: 'Use the app that is known',
    toAnother: 'Use another app, or change client ID and secret',
  },
} as const satisfies Record<Connection['kind'], unknown>

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

function ConsumerFields({ kind, error }: { readonly kind: Connection['kind']; readonly error: unknown }) {
  return (
    <>
      <TextInput
        name="client_id"
        label={consumerWords[kind].key}
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
