import { PasswordInput, Stack, Text } from '@mantine/core'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { useCreateConnection } from '../../../api/connections.ts'
import { ApiForm, readSecret, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { HostFields, type Requirements, readHost } from './host-fields.tsx'
import { ScopeList } from './scope-list.tsx'
import { WorkspaceField } from './workspace-field.tsx'

type AccessTokenFormProps = { readonly requirements: Requirements; readonly onMade: (connection: Connection) => void }

export function AccessTokenForm({ requirements, onMade }: AccessTokenFormProps) {
  const create = useCreateConnection()
  const submit = (form: FormData) =>
    create.mutate(
      {
        body: {
          kind: 'bitbucket',
          credential: { kind: 'access_token', token: readSecret(form, 'token').trim() },
          workspace: readText(form, 'workspace'),
          ...readHost(form),
        },
      },
      { onSuccess: onMade },
    )
  return (
    <ApiForm onSubmit={submit} label="Connect by access token">
      <Stack>
        <Text c="dimmed">
          A workspace, project or repository access token belongs to the workspace instead of a person. Make it in
          Workspace settings → Access tokens with the permissions needed.
        </Text>
        <ScopeList title="Permissions" scopes={requirements.oauth_scopes} />
        <PasswordInput
          name="token"
          label="Access token"
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
