import { Button, Group, Menu, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { SavedView } from '../../../../contract/security/saved-views.ts'
import { savedViewsQuery, useUpdateSavedView } from '../../../api/saved-views.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { ProblemNote } from '../../../ui/states.tsx'
import { SaveViewDialog } from './save-view-dialog.tsx'
import { ViewActions } from './view-actions.tsx'
import { isChanged, toAddress, toViewSearch } from './view-address.ts'
import type { VulnerabilitySearch } from './vulnerability-search.ts'

type SavedViewsProps = {
  readonly search: VulnerabilitySearch
  /** Replaces the whole address; \`isBack\` leaves no step to go back to. */
  readonly onOpen: (search: VulnerabilitySearch, isBack?: boolean) => void
}

/** The views of the member and of the organization, and what can be done with the one that is open. */
export function SavedViews({ search, onOpen }: SavedViewsProps) {
  const views = useQuery(savedViewsQuery)
  const items = views.data?.items
  const open = items?.find((view) => view.id === search.saved)
  const [isSaving, setSaving] = useState(false)
  useDefaultView(items, search, onOpen)
  return (
    <Group gap="xs">
      <ViewMenu items={items ?? []} open={open} search={search} onOpen={onOpen} onSave={() => setSaving(true)} />
      {open !== undefined && <Changes view={open} search={search} onOpen={onOpen} />}
      {isSaving && (
        <SaveViewDialog
          search={toViewSearch(search)}
          onClose={() => setSaving(false)}
          onSaved={(view) => {
            setSaving(false)
            onOpen({ ...search, saved: view.id }, true)
          }}
        />
      )}
    </Group>
  )
}

/** Who comes to the bare list begins with their view; who clears its filters afterwards is not sent back. */
function useDefaultView(
  items: readonly SavedView[] | undefined,
  search: VulnerabilitySearch,
  onOpen: SavedViewsProps['onOpen'],
) {
  const isArrival = useRef(Object.keys(search).length === 0)
  useEffect(() => {
    if (items === undefined || !isArrival.current) return
    isArrival.current = false
    const first = items.find((view) => view.is_default)
    if (first !== undefined) onOpen(toAddress(first), true)
  }, [items, onOpen])
}

type ViewMenuProps = SavedViewsProps & {
  readonly items: readonly SavedView[]
  readonly open: SavedView | undefined
  readonly onSave: () => void
}

function ViewMenu({ items, open, search, onOpen, onSave }: ViewMenuProps) {
  const shelves = [
    { title: 'Mine', views: items.filter((view) => !view.is_shared) },
    { title: 'Of the organization', views: items.filter((view) => view.is_shared) },
  ]
  return (
    <Menu position="bottom-start" width={270}>
      <Menu.Target>
        <Button variant="default" rightSection={<Icon name="chevron" size={14} />}>
          <span className="ellipsis" style={{ maxWidth: 180 }}>
            {open === undefined ? 'Views' : open.name}
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
        {items.length === 0 && (
          <Text size="sm" c="dimmed" p="xs">
            Filter the list as you need it again and again, then save it here.
          </Text>
        )}
        {shelves.map(({ title, views }) =>
          views.length === 0 ? null : (
            <div key={title}>
              <Menu.Label>{title}</Menu.Label>
              {views.map((view) => (
                <Menu.Item
                  key={view.id}
                  onClick={() => onOpen(toAddress(view))}
                  rightSection={view.is_default ? <Text size="xs">Default</Text> : undefined}
                  fw={view.id === open?.id ? 650 : undefined}
                  className="break"
                >
                  {view.name}
                </Menu.Item>
              ))}
            </div>
          ),
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="plus" size={14} />} onClick={onSave}>
          Save as a new view…
        </Menu.Item>
        {open !== undefined && (
          <ViewActions view={open} onClosed={() => onOpen({ ...search, saved: undefined }, true)} />
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

type ChangesProps = SavedViewsProps & { readonly view: SavedView }

function Changes({ view, search, onOpen }: ChangesProps) {
  const mayDecide = useMay('vulnerability.decide')
  const update = useUpdateSavedView()
  if (!isChanged(view, search)) return null
  const save = () =>
    update.mutate({ params: { id: view.id }, body: { search: toViewSearch(search), version: view.version } })
  return (
    <Group gap={6} component="section" aria-label="Unsaved changes">
      <Text size="sm" c="dimmed">
        Unsaved changes
      </Text>
      {(mayDecide || !view.is_shared) && (
        <Button size="compact-sm" variant="light" loading={update.isPending} onClick={save}>
          Save
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={() => onOpen(toAddress(view))}>
        Reset
      </Button>
      {update.isError && <ProblemNote error={update.error} />}
    </Group>
  )
}
