import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { useCheckConnection, useDisconnect, useRenewCredential, useStartOAuth } from '../../../api/connections.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { ApiForm, readSecret, readText } from '../../../ui/form.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { isWebAddress } from '../../../ui/links.tsx'
import { FormProblem, ProblemNote } from '../../../ui/states.tsx'
import { remoteWords } from '../remote-words.ts'

type Props = { readonly connection: Connection }

export function ConnectionActions({ connection }: Props) {
  const check = useCheckConnection()
  const [renewing, renew] = useDisclosure(false)
  const [leaving, leave] = useDisclosure(false)
  const disconnect = useDisconnect()
  const params = { id: connection.id }
  const { title } = remoteWords[connection.kind]
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="refresh" size={15} />}
        loading={check.isPending}
        onClick={() => check.mutate({ params }, { onSuccess: () => notifications.show({ message: 'Checked' }) })}
      >
        Check now
      </Button>
      {connection.auth_kind === 'oauth' ? (
        connection.state === 'unauthorized' && <LogInAgain connection={connection} />
      ) : (
        <Button {...(connection.state !== 'unauthorized' && { variant: 'default' })} onClick={renew.open}>
          Renew…
        </Button>
      )}
      <Button variant="default" onClick={leave.open}>
        Disconnect…
      </Button>
      {check.isError && <ProblemNote error={check.error} />}
      <RenewDialog connection={connection} opened={renewing} onClose={renew.close} />
      <ConfirmDialog
        opened={leaving}
        onClose={leave.close}
        title={`Disconnect ${connection.name}?`}
        text={`Weir removes its webhooks in ${title} and forgets the credential. Assets, vulnerabilities and conversations stay; nothing is sent or received any more.`}
        confirm="Disconnect"
        danger
        busy={disconnect.isPending}
        error={disconnect.error}
        onConfirm={() => disconnect.mutate({ params }, { onSuccess: leave.close })}
      />
    </>
  )
}

/** A login that the remote ended; the consumer is known, so it is one click and the consent. */
function LogInAgain({ connection }: Props) {
  const start = useStartOAuth()
  const leave = () =>
    start.mutate(
      { body: { kind: connection.kind } },
      {
        onSuccess: ({ authorization_url }) => {
          if (isWebAddress(authorization_url)) location.assign(authorization_url)
        },
      },
    )
  return (
    <>
      <Button loading={start.isPending} onClick={leave} rightSection={<Icon name="external" size={15} />}>
        Log in again
      </Button>
      {start.isError && <ProblemNote error={start.error} />}
    </>
  )
}

type RenewDialogProps = Props & { readonly opened: boolean; readonly onClose: () => void }

function RenewDialog({ connection, opened, onClose }: RenewDialogProps) {
  const renew = useRenewCredential()
  const isBasic = connection.auth_kind !== 'access_token'
  const submit = (form: FormData) => {
    const username = readText(form, 'username')
    renew.mutate(
      {
        params: { id: connection.id },
        body: { secret: readSecret(form, 'secret').trim(), ...(username !== '' && { username }) },
      },
      {
        onSuccess: () => {
          onClose()
          notifications.show({ message: 'Renewed. Waiting work goes on.' })
        },
      },
    )
  }
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>Renew the credential</Text>}>
      <ApiForm onSubmit={submit} label="Renew the credential">
        <Stack>
          <Text c="dimmed">Paste the new one; it is checked at once, and what waited goes on.</Text>
          {isBasic && (
            <TextInput name="username" label="E-mail" description="Leave empty to keep the same." autoComplete="off" />
          )}
          <PasswordInput
            name="secret"
            label={isBasic ? 'API token' : 'Access token'}
            required
            autoComplete="off"
            data-autofocus
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
          />
          <FormProblem error={renew.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={renew.isPending}>
              Check and renew
            </Button>
          </Group>
        </Stack>
      </ApiForm>
    </Modal>
  )
}
