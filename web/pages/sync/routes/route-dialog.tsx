import { Modal, NativeSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TrackerRoute } from '../../../../contract/sync/tracker-routes.ts'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { connectionsQuery } from '../../../api/connections.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { trackersQuery, useCreateTrackerRoute, useUpdateTrackerRoute } from '../../../api/tracker-routes.ts'
import { ApiForm, fieldError } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { AlignOffer } from './align-offer.tsx'
import { JiraFields, jiraSettings } from './jira-fields.tsx'
import { SettingsFields } from './settings-fields.tsx'
import { type SettingValues, toDefaults, toSettingFields } from './settings-form.ts'
import { readSending, readStates, sharedSettings, writeSending, writeStates } from './shared-settings.ts'
import { StateFields } from './state-fields.tsx'
import { TextSettings } from './text-settings.tsx'

type NamedAsset = { readonly id: string; readonly name: string }
/** A route to change, or a new one: for an asset, or for what is chosen in the dialog. */
export type EditedRoute =
  | { readonly kind: 'present'; readonly route: TrackerRoute }
  | { readonly kind: 'new'; readonly asset: NamedAsset | null }

type Tracker = RouteResponse<'listTrackers'>['items'][number]
type FormProps = {
  readonly edited: EditedRoute
  readonly trackers: readonly Tracker[]
  readonly onClose: () => void
  readonly onChanged: (routeId: string) => void
}

type RouteDialogProps = { readonly edited: EditedRoute | null; readonly onClose: () => void }

export function RouteDialog({ edited, onClose }: RouteDialogProps) {
  const trackers = useQuery({ ...trackersQuery, enabled: edited !== null })
  const [changedId, setChangedId] = useState<string | null>(null)
  const title = edited?.kind === 'present' ? `Route of ${describeRoute(edited.route)}` : 'New route'
  return (
    <>
      <Modal opened={edited !== null} onClose={onClose} size="lg" title={<Text fw={650}>{title}</Text>}>
        {trackers.isError && <ProblemNote error={trackers.error} onRetry={() => void trackers.refetch()} />}
        {trackers.isPending && <LoadingRows rows={3} />}
        {edited !== null && trackers.isSuccess && (
          <RouteForm edited={edited} trackers={trackers.data.items} onClose={onClose} onChanged={setChangedId} />
        )}
      </Modal>
      {changedId !== null && <AlignOffer routeId={changedId} onClose={() => setChangedId(null)} />}
    </>
  )
}

/** `every asset`, `Harbour`, `Harbour on release`. */
export function describeRoute({ asset, branch }: Pick<TrackerRoute, 'asset' | 'branch'>): string {
  if (asset === null) return 'every asset'
  return branch === null ? asset.name : `${asset.name} on ${branch}`
}

/** What a route does not say is as its tracker begins with. */
function startWith(tracker: Tracker | undefined, route: TrackerRoute | null): SettingValues {
  const defaults = toDefaults(tracker?.settings_schema ?? {})
  return tracker?.name === route?.tracker ? { ...defaults, ...route?.settings } : defaults
}

function useRouteForm({ edited, trackers, onClose, onChanged }: FormProps) {
  const route = edited.kind === 'present' ? edited.route : null
  const [assetId, setAssetId] = useState<string | null>(edited.kind === 'new' ? (edited.asset?.id ?? null) : null)
  const [branch, setBranch] = useState('')
  const [name, setName] = useState(route?.tracker ?? trackers[0]?.name ?? '')
  const [connectionId, setConnectionId] = useState(route?.connection?.id ?? '')
  const tracker = trackers.find((known) => known.name === name)
  const [settings, setSettings] = useState<SettingValues>(startWith(tracker, route))
  const create = useCreateTrackerRoute()
  const update = useUpdateTrackerRoute()
  const chooseTracker = (next: string) => {
    const chosen = trackers.find((known) => known.name === next)
    setName(next)
    setConnectionId(next === route?.tracker ? (route.connection?.id ?? '') : '')
    setSettings(startWith(chosen, route))
  }
  const save = () => {
    const connection = tracker === undefined || tracker.connection_kind === null ? undefined : connectionId || undefined
    const body = { tracker: name, connection_id: connection, settings }
    const end = (): void => {
      if (route !== null) onChanged(route.id)
      onClose()
    }
    if (route !== null) return update.mutate({ params: { id: route.id }, body }, { onSuccess: end })
    const place = assetId === null ? {} : { asset_id: assetId, branch: branch.trim() || undefined }
    return create.mutate({ body: { ...body, ...place } }, { onSuccess: onClose })
  }
  const place = { assetId, setAssetId, branch, setBranch }
  const target = { tracker, name, chooseTracker, connectionId, setConnectionId, settings, setSettings }
  return {
    route,
    ...place,
    ...target,
    save,
    isPending: create.isPending || update.isPending,
    error: create.error ?? update.error,
  }
}

function RouteForm(props: FormProps) {
  const { edited, trackers, onClose } = props
  const form = useRouteForm(props)
  const { tracker } = form
  const isJira = tracker?.connection_kind === 'jira'
  return (
    <ApiForm onSubmit={form.save} label="Route">
      <Stack>
        {edited.kind === 'new' && <PlaceFields form={form} asset={edited.asset} />}
        <NativeSelect
          label="Tracker"
          value={form.name}
          onChange={(event) => form.chooseTracker(event.currentTarget.value)}
          data={trackers.map(({ name, title }) => ({ value: name, label: title }))}
        />
        {tracker !== undefined && tracker.connection_kind !== null && (
          <ConnectionField kind={tracker.connection_kind} title={tracker.title} form={form} />
        )}
        {tracker !== undefined && isJira && (
          <JiraFields
            connectionId={form.connectionId}
            values={form.settings}
            onChange={form.setSettings}
            error={form.error}
          />
        )}
        {tracker !== undefined && (
          <SettingsFields
            // Another tracker's fields are others, also where they are called the same.
            key={tracker.name}
            fields={toSettingFields(tracker.settings_schema).filter(
              ({ name }) => !sharedSettings.has(name) && (!isJira || !jiraSettings.has(name)),
            )}
            values={form.settings}
            onChange={form.setSettings}
          />
        )}
        {tracker !== undefined && <SharedFields tracker={tracker} form={form} />}
        <Text size="xs" c="dimmed">
          A route acts on what is sent from now on. What has an item keeps it; you are asked about items whose state it
          says otherwise now.
        </Text>
        <FormEnd submit={form.route === null ? 'Make the route' : 'Save'} form={form} onCancel={onClose} />
      </Stack>
    </ApiForm>
  )
}

type SharedProps = { readonly tracker: Tracker; readonly form: ReturnType<typeof useRouteForm> }

/** What every tracker's routes can say. */
function SharedFields({ tracker, form: { settings, setSettings, connectionId } }: SharedProps) {
  const { project, issueType } = settings
  const place = { connectionId, project: toText(project), issueType: toText(issueType) }
  return (
    <>
      <StateFields
        key={tracker.name}
        tracker={tracker}
        place={place}
        maps={readStates(settings)}
        onChange={(states) => setSettings(writeStates(settings, states))}
      />
      <TextSettings
        sending={readSending(settings)}
        onChange={(sending) => setSettings(writeSending(settings, sending))}
      />
    </>
  )
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

type PlaceProps = { readonly form: ReturnType<typeof useRouteForm>; readonly asset: NamedAsset | null }

function PlaceFields({ form, asset }: PlaceProps) {
  const assets = useQuery(assetChoicesQuery)
  const listed = assets.data?.items ?? []
  const choices = asset === null || listed.some(({ id }) => id === asset.id) ? listed : [asset, ...listed]
  return (
    <>
      <Select
        label="Asset"
        description="Leave empty for the default: every asset without a route of its own."
        placeholder="Every asset"
        searchable
        clearable
        nothingFoundMessage="No asset is called that"
        value={form.assetId}
        onChange={form.setAssetId}
        data={choices.map(({ id, name }) => ({ value: id, label: name }))}
        error={fieldError(form.error, 'asset_id')}
      />
      {form.assetId !== null && (
        <TextInput
          label="Branch"
          description="Leave empty for every branch of the asset."
          maxLength={255}
          value={form.branch}
          onChange={(event) => form.setBranch(event.currentTarget.value)}
          error={fieldError(form.error, 'branch')}
        />
      )}
    </>
  )
}

type ConnectionProps = {
  readonly kind: string
  readonly title: string
  readonly form: ReturnType<typeof useRouteForm>
}

function ConnectionField({ kind, title, form }: ConnectionProps) {
  const connections = useQuery(connectionsQuery)
  const choices = (connections.data?.items ?? []).filter(
    (connection) => connection.kind === kind && connection.state !== 'disconnected',
  )
  return (
    <NativeSelect
      label="Connection"
      required
      description={
        connections.isSuccess && choices.length === 0 ? `Connect ${title} on Integrations first.` : undefined
      }
      value={form.connectionId}
      onChange={(event) => form.setConnectionId(event.currentTarget.value)}
      data={[{ value: '', label: 'Not chosen' }, ...choices.map(({ id, name }) => ({ value: id, label: name }))]}
    />
  )
}
