import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { useSetExpiry } from '../../../api/connections.ts'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { FormProblem } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'

type CredentialEndProps = { readonly connection: Connection; readonly mayWrite: boolean }

/** Until when a token is good, which its remote does not tell, and the way to write it down. */
export function CredentialEnd({ connection, mayWrite }: CredentialEndProps) {
  const [opened, dialog] = useDisclosure(false)
  const set = useSetExpiry()
  const { expires_at: expiresAt } = connection
  const submit = (form: FormData) => {
    const day = readText(form, 'day')
    set.mutate(
      { params: { id: connection.id }, body: { expires_at: day === '' ? null : `${day}T00:00:00.000Z` } },
      {
        onSuccess: () => {
          dialog.close()
          notifications.show({ message: day === '' ? 'Nobody is warned' : 'Administrators are told in time' })
        },
      },
    )
  }
  return (
    <Group gap="xs">
      {expiresAt === null ? <Text span>Not known</Text> : <TimeAgo at={expiresAt} />}
      {mayWrite && (
        <Button size="compact-xs" variant="default" onClick={dialog.open} aria-label="Set the end of the credential">
          Set…
        </Button>
      )}
      <Modal opened={opened} onClose={dialog.close} title={<Text fw={650}>When does the token end?</Text>}>
        <ApiForm onSubmit={submit} label="End of the credential">
          <Stack>
            <TextInput
              type="date"
              name="day"
              label="Day"
              description="As it was shown when the token was made. Administrators are told 30, 7 and 1 days before. Leave empty when it does not end."
              defaultValue={expiresAt?.slice(0, 10) ?? ''}
            />
            <FormProblem error={set.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={dialog.close}>
                Cancel
              </Button>
              <Button type="submit" loading={set.isPending}>
                Save
              </Button>
            </Group>
          </Stack>
        </ApiForm>
      </Modal>
    </Group>
  )
}
