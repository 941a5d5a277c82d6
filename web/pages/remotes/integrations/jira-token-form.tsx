import { Anchor, Collapse, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { useCreateConnection } from '../../../api/connections.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { ApiForm, fieldError, readSecret, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { ScopeList } from './scope-list.tsx'

type JiraRequirements = RouteResponse<'getJiraRequirements'>

type JiraTokenFormProps = {
  readonly requirements: JiraRequirements
  readonly onMade: (connection: Connection) => void
}

export function JiraTokenForm({ requirements, onMade }: JiraTokenFormProps) {
  const create = useCreateConnection()
  const submit = (form: FormData) =>
    create.mutate(
      {
        body: {
          kind: 'jira',
          site_url: readText(form, 'site_url'),
          email: readText(form, 'email'),
          token: readSecret(form, 'token').trim(),
        },
      },
      { onSuccess: onMade },
    )
  return (
    <ApiForm onSubmit={submit} label="Connect Jira by API token">
      <Stack>
        <Text c="dimmed">
          Use an account of its own for Weir, so that people see who wrote. In that account open Security → Create API
          token. A token without scopes of an administrator of Jira also lets Weir make its webhook; otherwise an
          administrator makes it by hand, with what Weir shows.
        </Text>
        <TextInput
          name="site_url"
          label="Site"
          description="As in your browser, such as https://example.atlassian.net"
          required
          autoComplete="off"
          spellCheck={false}
          error={fieldError(create.error, 'site_url')}
        />
        <TextInput name="email" type="email" label="E-mail of the Atlassian account" required autoComplete="off" />
        <PasswordInput
          name="token"
          label="API token"
          required
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
        />
        <Needs requirements={requirements} />
        <FormEnd submit="Check and connect" form={create} />
      </Stack>
    </ApiForm>
  )
}

/** How an OAuth app of Atlassian's is made. */
export function JiraAppSteps({ requirements }: { readonly requirements: JiraRequirements }) {
  return (
    <>
      <Text c="dimmed">
        Once: at developer.atlassian.com open My apps → Create → OAuth 2.0 integration. Under Permissions add the Jira
        API with these scopes, under Authorization set the callback URL below, and under Settings find client ID and
        secret. An app may not make webhooks for a whole site: an administrator of Jira makes it by hand, with what Weir
        shows.
      </Text>
      <ScopeList title="Scopes" scopes={requirements.scopes} />
    </>
  )
}

function Needs({ requirements }: { readonly requirements: JiraRequirements }) {
  const [opened, { toggle }] = useDisclosure(false)
  const permissions = requirements.permissions.map(({ permission, needed_for }) => ({
    scope: permission,
    needed_for,
    required: true,
  }))
  return (
    <div>
      <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={opened}>
        What the account and its token need
      </Anchor>
      <Collapse expanded={opened} keepMounted={false}>
        <Stack mt="xs">
          <ScopeList title="Project permissions" scopes={permissions} />
          <ScopeList title="Token scopes" scopes={requirements.scopes} />
        </Stack>
      </Collapse>
    </div>
  )
}
