import { Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { SavedView } from '../../../../contract/security/saved-views.ts'
import { useCreateSavedView, useDeleteSavedView, useUpdateSavedView } from '../../../api/saved-views.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm, readText } from '../../../ui/form.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { FormProblem } from '../../../ui/states.tsx'

type ViewActionsProps = { readonly view: SavedView; readonly onClosed: () => void }

/** What can be done with the view that is open. */
export function ViewActions({ view, onClosed }: ViewActionsProps) {
  const mayDecide = useMay('vulnerability.decide')
  const update = useUpdateSavedView()
  const [isNaming, setNaming] = useState(false)
  const remove = useRemoval(view, onClosed)
  const set = (body: { is_default?: boolean; is_shared?: boolean }) => update.mutate({ params: { id: view.id }, body })
  return (
    <>
      <Menu.Label>This view</Menu.Label>
      <Menu.Item leftSection={<Icon name="check" size={14} />} onClick={() => set({ is_default: !view.is_default })}>
        {view.is_default ? 'Begin with the plain list' : 'Begin with it'}
      </Menu.Item>
      {(mayDecide || !view.is_shared) && (
        <>
          {mayDecide && (
            <Menu.Item
              leftSection={<Icon name="person" size={14} />}
              onClick={() => set({ is_shared: !view.is_shared })}
            >
              {view.is_shared ? 'Make it mine alone' : 'Share with the organization'}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<Icon name="edit" size={14} />}
            closeMenuOnClick={false}
            onClick={() => setNaming(true)}
          >
            Rename…
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="trash" size={14} />} onClick={remove}>
            Delete
          </Menu.Item>
        </>
      )}
      {isNaming && <RenameDialog view={view} onClose={() => setNaming(false)} />}
    </>
  )
}

/** Deleted at once; the toast brings it back as it was. */
function useRemoval(view: SavedView, onClosed: () => void): () => void {
  const { mutate: create } = useCreateSavedView()
  const { mutate: remove } = useDeleteSavedView()
  const restore = (toast: string) => {
    notifications.hide(toast)
    const { name, search, is_shared, is_default } = view
    create({ body: { name, search, is_shared, is_default } })
  }
  return () =>
    remove(
      { params: { id: view.id } },
      {
        onSuccess: () => {
          onClosed()
          const toast = `view-${view.id}`
          notifications.show({
            id: toast,
            autoClose: 10_000,
            message: (
              <Group justify="space-between" wrap="nowrap">
                <span className="break">{`The view ${view.name} was deleted`}</span>
                <Button size="compact-sm" variant="light" onClick={() => restore(toast)}>
                  Undo
                </Button>
              </Group>
            ),
          })
        },
      },
    )
}

function RenameDialog({ view, onClose }: { readonly view: SavedView; readonly onClose: () => void }) {
  const update = useUpdateSavedView()
  const submit = (form: FormData) =>
    update.mutate(
      { params: { id: view.id }, body: { name: readText(form, 'name'), version: view.version } },
      { onSuccess: onClose },
    )
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Rename the view</Text>}>
      <ApiForm onSubmit={submit} label="Rename the view">
        <Stack>
          <TextInput name="name" label="Name" required maxLength={80} defaultValue={view.name} data-autofocus />
          <FormProblem error={update.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={update.isPending}>
              Rename
            </Button>
          </Group>
        </Stack>
      </ApiForm>
    </Modal>
  )
}
