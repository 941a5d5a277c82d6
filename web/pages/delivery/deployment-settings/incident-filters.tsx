import { Button, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { incidentFiltersQuery, useRemoveIncidentFilter, useUpdateIncidentFilter } from '../../../api/deployments.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

type Filter = RouteResponse<'listIncidentFilters'>['items'][number]

/** Which issues in Jira are incidents. */
export function IncidentFilters({ mayWrite }: { readonly mayWrite: boolean }) {
  const list = useQuery({ ...incidentFiltersQuery, refetchInterval: 15_000 })
  const items = list.data?.items ?? []
  return (
    <Panel
      title="Incidents from Jira"
      lead="An issue the filter finds is an incident from its creation until it is resolved. It belongs to the repository that the chosen field, a label such as repo:till, or a component names."
    >
      {list.isPending && <LoadingRows rows={3} height={36} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState
          icon="integrations"
          title="Jira is not connected"
          text="Incidents can be told by a call or written down by hand without it."
          action={<AnchorLink to="/integrations/trackers">Connect Jira</AnchorLink>}
        />
      )}
      <Stack gap="lg">
        {items.map((filter) => (
          <OneFilter key={filter.connection.id} filter={filter} mayWrite={mayWrite} />
        ))}
      </Stack>
    </Panel>
  )
}

function OneFilter({ filter, mayWrite }: { readonly filter: Filter; readonly mayWrite: boolean }) {
  return (
    <Stack gap="xs">
      <Title order={3} className="break">
        {filter.connection.name}
      </Title>
      <FilterState filter={filter} />
      {mayWrite && (
        <FilterForm key={`${filter.jql} ${filter.repository_field} ${filter.default_repository}`} filter={filter} />
      )}
    </Stack>
  )
}

function FilterState({ filter }: { readonly filter: Filter }) {
  const { jql, read_at: at, incidents, unplaced, unplaced_keys: keys, error } = filter
  if (jql === null) return <Text c="dimmed">None of its issues is an incident.</Text>
  return (
    <>
      <Text size="sm" className="break">
        {`${count(incidents, 'incident')} from “${jql}”, `}
        {at === null ? 'not read to its end yet' : <TimeAgo at={at} />}
        {at !== null && ' read last'}
      </Text>
      {unplaced > 0 && (
        <Text size="sm" className="break">
          {`${count(unplaced, 'issue')} ${unplaced === 1 ? 'names' : 'name'} no repository and ${unplaced === 1 ? 'is' : 'are'} left out: ${keys.join(', ')}${unplaced > keys.length ? ' …' : ''}`}
        </Text>
      )}
      {error !== null && (
        <Text size="sm" role="alert" className="break" fw={600}>
          {error}
        </Text>
      )}
    </>
  )
}

function FilterForm({ filter }: { readonly filter: Filter }) {
  const update = useUpdateIncidentFilter()
  const remove = useRemoveIncidentFilter()
  const [isAsking, setAsking] = useState(false)
  const { id, name } = filter.connection
  const save = (form: FormData) =>
    update.mutate({
      params: { id },
      body: {
        jql: readText(form, 'jql'),
        repository_field: readText(form, 'repository_field') || null,
        default_repository: readText(form, 'default_repository') || null,
      },
    })
  return (
    <ApiForm onSubmit={save} label={`Incidents from ${name}`}>
      <Stack gap="sm">
        <Textarea
          name="jql"
          label="Filter (JQL, without an order)"
          placeholder="project = OPS AND issuetype = Incident"
          required
          autosize
          minRows={1}
          maxLength={2000}
          defaultValue={filter.jql ?? ''}
          error={fieldError(update.error, 'jql')}
        />
        <Group align="flex-start">
          <TextInput
            name="repository_field"
            label="Field that names the repository"
            description="Its id; empty: labels and components"
            placeholder="customfield_10042"
            w={280}
            defaultValue={filter.repository_field ?? ''}
            error={fieldError(update.error, 'repository_field')}
          />
          <TextInput
            name="default_repository"
            label="Where none is named"
            description="Empty: left out and counted"
            placeholder="workspace/slug"
            w={280}
            defaultValue={filter.default_repository ?? ''}
            error={fieldError(update.error, 'default_repository')}
          />
        </Group>
        <FormEnd submit="Save and read" form={update} />
        {filter.jql !== null && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
              Read no incidents from here
            </Button>
          </Group>
        )}
      </Stack>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Read no incidents from ${name}?`}
        text="Those that were read go, and deployments are judged without them."
        confirm="Read none"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { id } }, { onSuccess: () => setAsking(false) })}
      />
    </ApiForm>
  )
}
