import { Checkbox, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { tokenScopes } from '../../../../src/domain/permissions.ts'
import { useCreateApiToken } from '../../../api/members.ts'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { ShownOnce } from './shown-once.tsx'

const scopeMeanings = {
  read: 'read: see everything you see',
  import: 'import: import reports and see what became of them, nothing else',
  triage: 'triage: change vulnerabilities, write messages, send',
  admin: 'admin: everything your role may do',
}

type NewTokenDialogProps = { readonly opened: boolean; readonly onClose: () => void }

export function NewTokenDialog({ opened, onClose }: NewTokenDialogProps) {
  const create = useCreateApiToken()
  const close = () => {
    onClose()
    create.reset()
  }
  const submit = (form: FormData) =>
    create.mutate({
      body: {
        name: readText(form, 'name'),
        scopes: tokenScopes.filter((scope) => form.getAll('scopes').includes(scope)),
        expires_in_days: Number(readText(form, 'expires_in_days')),
      },
    })
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>New API token</Text>}>
      {create.data === undefined ? (
        <ApiForm onSubmit={submit} label="New API token">
          <Stack>
            <TextInput
              name="name"
              label="Name"
              description="What it is for, such as “nightly scan”."
              required
              maxLength={200}
              data-autofocus
            />
            <Checkbox.Group label="Scopes" defaultValue={['import']}>
              <Stack gap={8} mt={6}>
                {tokenScopes.map((scope) => (
                  <Checkbox key={scope} name="scopes" value={scope} label={scopeMeanings[scope]} />
                ))}
              </Stack>
            </Checkbox.Group>
            <NativeSelect
              name="expires_in_days"
              label="Ends after"
              defaultValue="90"
              data={[
                { value: '7', label: '7 days' },
                { value: '30', label: '30 days' },
                { value: '90', label: '90 days' },
                { value: '366', label: 'One year' },
              ]}
            />
            <FormEnd submit="Make the token" form={create} onCancel={close} />
          </Stack>
        </ApiForm>
      ) : (
        <ShownOnce value={create.data.token} copy="Copy the token" onDone={close}>
          <Text>Copy it now: Weir keeps only its hash and can never show it again.</Text>
        </ShownOnce>
      )}
    </Modal>
  )
}
