import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { agreementSettingsQuery, useUpdateAgreements } from '../../../api/metrics.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { agreementWords } from '../analytics/agreements-panel.tsx'
import { AgreementDialog } from './agreement-dialog.tsx'
import { type Agreement, toTerms } from './agreement-terms.ts'

/** What teams agreed on how they work; how far it is kept stands under Analytics. */
export function AgreementSettingsPage() {
  const list = useQuery(agreementSettingsQuery)
  const mayWrite = useMay('organization.write')
  const [edited, setEdited] = useState<Agreement | 'new'>()
  return (
    <Panel
      title="Working agreements"
      lead="Judged when a pull request is merged. Analytics shows how far each is kept, and what broke it."
      actions={mayWrite && list.isSuccess && <Button onClick={() => setEdited('new')}>New agreement</Button>}
    >
      {list.isPending && <LoadingRows rows={3} height={44} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && <Agreements items={list.data.items} onChange={mayWrite ? setEdited : undefined} />}
      {list.isSuccess && edited !== undefined && (
        <AgreementDialog
          all={list.data.items}
          edited={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Panel>
  )
}

type AgreementsProps = {
  readonly items: RouteResponse<'listAgreements'>['items']
  readonly onChange: ((agreement: Agreement) => void) | undefined
}

function Agreements({ items, onChange }: AgreementsProps) {
  if (items.length === 0)
    return (
      <EmptyState
        icon="check"
        title="Nothing is agreed on"
        text={
          onChange === undefined
            ? 'An administrator can add what your teams agreed on.'
            : 'Add the first agreement, for everybody or for one team.'
        }
      />
    )
  return (
    <DataTable caption="Working agreements" rows={items} rowKey={({ id }) => id} columns={columnsOf(items, onChange)} />
  )
}

function columnsOf(items: AgreementsProps['items'], onChange: AgreementsProps['onChange']): Column<Agreement>[] {
  return [
    { key: 'what', header: 'Agreement', lead: true, cell: (row) => <Text fw={600}>{agreementWords(row)}</Text> },
    { key: 'who', header: 'Who', label: 'Who', cell: ({ team }) => team?.name ?? 'Everybody', width: '180px' },
    { key: 'on', header: 'State', label: 'State', cell: (row) => (row.is_on ? 'In force' : 'Off'), width: '100px' },
    {
      key: 'action',
      header: 'Action',
      width: '190px',
      cell: (row) => onChange && <Actions all={items} agreement={row} onChange={() => onChange(row)} />,
    },
  ]
}

type ActionsProps = {
  readonly all: readonly Agreement[]
  readonly agreement: Agreement
  readonly onChange: () => void
}

function Actions({ all, agreement, onChange }: ActionsProps) {
  const [opened, dialog] = useDisclosure(false)
  const update = useUpdateAgreements()
  const name = `${agreementWords(agreement)}, ${agreement.team?.name ?? 'everybody'}`
  const items = all.filter(({ id }) => id !== agreement.id).map(toTerms)
  return (
    <Group gap="xs">
      <Button size="compact-xs" variant="default" onClick={onChange} aria-label={`Change ${name}`}>
        Change
      </Button>
      <Button size="compact-xs" variant="default" onClick={dialog.open} aria-label={`Remove ${name}`}>
        Remove
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title="Remove the agreement?"
        text={`“${name}” is not judged any more.`}
        confirm="Remove the agreement"
        danger
        busy={update.isPending}
        error={update.error}
        onConfirm={() => update.mutate({ body: { items } }, { onSuccess: dialog.close })}
      />
    </Group>
  )
}
