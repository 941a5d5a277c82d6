import { PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { useCreateConnection } from '../../../api/connections.ts'
import { ApiForm, readSecret, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Icon } from '../../../ui/icon.tsx'
import classes from './api-token-form.module.css'
import { HostFields, type Requirements, readHost } from './host-fields.tsx'
import { ScopeList } from './scope-list.tsx'
import { WorkspaceField } from './workspace-field.tsx'

type ApiTokenFormProps = { readonly requirements: Requirements; readonly onMade: (connection: Connection) => void }

export function ApiTokenForm({ requirements, onMade }: ApiTokenFormProps) {
  const create = useCreateConnection()
  const [username, setUsername] = useState('')
  const isUserName = username.trim() !== '' && !username.includes('@')
  const submit = (form: FormData) =>
    create.mutate(
      {
        body: {
          kind: 'bitbucket',
          credential: { kind: 'basic', username: username.trim(), secret: readSecret(form, 'secret').trim() },
          workspace: readText(form, 'workspace'),
          ...readHost(form),
        },
      },
      { onSuccess: onMade },
    )
  return (
    <ApiForm onSubmit={submit} label="Connect by API token">
      <Stack>
        <Text c="dimmed">
          In your Atlassian account, open Security → Create API token with scopes → Bitbucket, and tick those needed.
          None of them includes another: reading is ticked beside writing.
        </Text>
        <ScopeList title="Scopes" scopes={requirements.api_token_scopes} />
        <TextInput
          label="E-mail of the Atlassian account"
          required
          autoComplete="off"
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        {isUserName && (
          <output className={classes.note}>
            <Icon name="info" size={16} />
            <span>
              A user name without @ means an app password. Bitbucket Cloud stopped accepting those on 28 July 2026: make
              an API token with scopes and give the e-mail of the account instead. A host of your own that still accepts
              app passwords works.
            </span>
          </output>
        )}
        <PasswordInput
          name="secret"
          label={isUserName ? 'App password' : 'API token'}
          required
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
        />
        <WorkspaceField />
        <HostFields requirements={requirements} />
        <FormEnd submit="Check and connect" form={create} />
      </Stack>
    </ApiForm>
  )
}
