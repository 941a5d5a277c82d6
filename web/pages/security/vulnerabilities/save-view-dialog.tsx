import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import type { SavedView } from '../../../../contract/security/saved-views.ts'
import { useCreateSavedView } from '../../../api/saved-views.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { FormProblem } from '../../../ui/states.tsx'

type SaveViewDialogProps = {
  readonly search: string
  readonly onClose: () => void
  readonly onSaved: (view: SavedView) => void
}

export function SaveViewDialog({ search, onClose, onSaved }: SaveViewDialogProps) {
  const create = useCreateSavedView()
  const mayDecide = useMay('vulnerability.decide')
  const submit = (form: FormData) => {
    const body = {
      name: readText(form, 'name'),
      search,
      is_shared: form.get('is_shared') !== null,
      is_default: form.get('is_default') !== null,
    }
    create.mutate({ body }, { onSuccess: onSaved })
  }
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Save as a new view</Text>}>
      <ApiForm onSubmit={submit} label="Save as a new view">
        <Stack>
          <TextInput name="name" label="Name" required maxLength={80} data-autofocus />
          {mayDecide && (
            <Checkbox
              name="is_shared"
              label="For the whole organization"
              description="Everybody sees it; champions and admins change it."
            />
          )}
          <Checkbox name="is_default" label="Begin with it" description="When you come to the list." />
          <FormProblem error={create.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Save the view
            </Button>
          </Group>
        </Stack>
      </ApiForm>
    </Modal>
  )
}
