import { Fieldset, NativeSelect, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { RemoteState } from '../../../../contract/sync/remote-states.ts'
import { meanings } from '../../../../src/domain/sending/meanings.ts'
import type { StateMaps } from '../../../../src/domain/sending/state-maps.ts'
import { statuses } from '../../../../src/domain/status.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { jiraStatusesQuery } from '../../../api/tracker-routes.ts'
import { Disclosure } from '../../../ui/disclosure.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count, statusWords } from '../../../ui/words.ts'
import {
  asDefault,
  describeMeaning,
  hasDecision,
  listOutChoices,
  listStates,
  meaningWords,
  readIn,
  readOut,
  toTitle,
  writeIn,
  writeOut,
} from './state-maps.ts'

type Tracker = RouteResponse<'listTrackers'>['items'][number]
type MapsProps = {
  readonly tracker: Tracker
  readonly maps: StateMaps
  readonly onChange: (maps: StateMaps) => void
}
type StateFieldsProps = MapsProps & {
  /** Where the tracker has to be asked for its states. */
  readonly place: { readonly connectionId: string; readonly project: string; readonly issueType: string }
}

/** What states mean, out and in apart, with the states the tracker really has. */
export function StateFields({ tracker, place, ...rest }: StateFieldsProps) {
  return (
    <Fieldset legend="What states mean">
      <Text size="sm" c="dimmed" mb={4}>
        {describeMaps(rest.maps)}
      </Text>
      <Disclosure
        label="Change what states mean"
        openLabel="Hide what states mean"
        startsOpen={countMapped(rest.maps) > 0}
      >
        <States tracker={tracker} place={place} {...rest} />
      </Disclosure>
    </Fieldset>
  )
}

function describeMaps(maps: StateMaps): string {
  const mapped = countMapped(maps)
  if (mapped > 0) return `Changed by this route: ${count(mapped, 'state')}.`
  return 'By default: done there awaits validation here, and what is fixed or decided here is closed there.'
}

function countMapped(maps: StateMaps): number {
  return Object.keys(maps.out ?? {}).length + (maps.in ?? []).length
}

function States({ tracker, place, ...rest }: StateFieldsProps) {
  const { connectionId, project, issueType } = place
  const isAsked = tracker.states === null
  const isPlaced = connectionId !== '' && project !== '' && issueType !== ''
  const asked = useQuery({ ...jiraStatusesQuery(connectionId, { project, issueType }), enabled: isAsked && isPlaced })
  const note = isAsked && !isPlaced ? 'Choose project and issue type: its statuses are then offered here.' : undefined
  return (
    <>
      {note !== undefined && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
      {isAsked && isPlaced && asked.isPending && <LoadingRows rows={3} />}
      {asked.isError && <ProblemNote error={asked.error} onRetry={() => void asked.refetch()} />}
      {(tracker.states !== null || asked.isSuccess) && (
        <Maps tracker={tracker} {...rest} states={tracker.states ?? asked.data?.items ?? []} />
      )}
    </>
  )
}

type KnownProps = MapsProps & { readonly states: readonly RemoteState[] }

function Maps(props: KnownProps) {
  return (
    <Stack>
      <OutFields {...props} />
      <InFields {...props} />
      <NativeSelect
        label="When both sides moved"
        description="Since they last agreed. A decision of security holds in any case."
        value={props.maps.winner ?? 'remote'}
        onChange={(event) =>
          props.onChange({ ...props.maps, winner: event.currentTarget.value === 'weir' ? 'weir' : 'remote' })
        }
        data={[
          { value: 'remote', label: `${props.tracker.title} wins` },
          { value: 'weir', label: 'Weir wins' },
        ]}
      />
      {hasDecision(props.maps) && <DecisionFields {...props} />}
    </Stack>
  )
}

function OutFields(props: KnownProps) {
  const { maps, states, onChange } = props
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        Out: what an item is brought to
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {statuses.map((status) => (
          <NativeSelect
            key={status}
            label={statusWords[status].label}
            value={readOut(maps, status)}
            onChange={(event) => onChange(writeOut(maps, { status, choice: event.currentTarget.value, states }))}
            data={listOutChoices(props, status)}
          />
        ))}
      </SimpleGrid>
    </div>
  )
}

function InFields({ maps, states, onChange }: KnownProps) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        In: what a person means by a state there
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {listStates(maps, states).map((state) => (
          <NativeSelect
            key={state.name}
            label={`${toTitle(state.name)}, there`}
            value={readIn(maps, state.name)}
            onChange={(event) => {
              const chosen = event.currentTarget.value
              onChange(
                writeIn(
                  maps,
                  state.name,
                  meanings.find((one) => one === chosen),
                ),
              )
            }}
            data={[
              { value: asDefault, label: describeMeaning(state) },
              ...meanings.map((value) => ({ value, label: meaningWords[value] })),
            ]}
          />
        ))}
      </SimpleGrid>
    </div>
  )
}

function DecisionFields({ maps, onChange }: MapsProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <NativeSelect
        label="Who decides there"
        description="Known by the account linked to them or its e-mail address. For others a champion is asked."
        value={maps.decisions ?? 'ask'}
        onChange={(event) =>
          onChange({ ...maps, decisions: event.currentTarget.value === 'members' ? 'members' : 'ask' })
        }
        data={[
          { value: 'ask', label: 'Nobody: a champion is asked' },
          { value: 'members', label: 'Members who may decide' },
        ]}
      />
      {maps.decisions === 'members' && (
        <NumberInput
          label="Risk accepted for, in days"
          description="From the day it is accepted there."
          min={1}
          max={3650}
          value={maps.accept_days ?? 90}
          onChange={(next) => {
            const { accept_days: _before, ...others } = maps
            onChange(typeof next === 'number' ? { ...others, accept_days: next } : others)
          }}
        />
      )}
    </SimpleGrid>
  )
}
