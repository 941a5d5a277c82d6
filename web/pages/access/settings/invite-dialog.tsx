import { Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { roles } from '../../../../src/domain/permissions.ts'
import { useCreateInvitation } from '../../../api/members.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { roleMeanings } from './role-meanings.ts'
import { ShownOnce } from './shown-once.tsx'

type InviteDialogProps = { readonly opened: boolean; readonly onClose: () => void }

export function InviteDialog({ opened, onClose }: InviteDialogProps) {
  const create = useCreateInvitation()
  const close = () => {
    onClose()
    create.reset()
  }
  const submit = (form: FormData) => {
    const role = roles.find((item) => item === readText(form, 'role'))
    if (role !== undefined) create.mutate({ body: { email: readText(form, 'email'), role } })
  }
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>Invite somebody</Text>}>
      {create.data === undefined ? (
        <ApiForm onSubmit={submit} label="Invitation">
          <Stack>
            <TextInput
              name="email"
              type="email"
              label="E-mail"
              required
              data-autofocus
              error={fieldError(create.error, 'email')}
            />
            <Radio.Group name="role" label="Role" defaultValue="developer">
              <Stack gap={8} mt={6}>
                {roles.map((role) => (
                  <Radio key={role} value={role} label={roleMeanings[role]} />
                ))}
              </Stack>
            </Radio.Group>
            <FormEnd submit="Make the link" form={create} onCancel={close} />
          </Stack>
        </ApiForm>
      ) : (
        <ShownOnce value={create.data.link} copy="Copy the link" onDone={close}>
          <Text>
            Give this link to <strong>{create.data.invitation.email}</strong>. It works once, ends after 7 days, and is
            shown only now.
          </Text>
        </ShownOnce>
      )}
    </Modal>
  )
}
