import { Box, Button, Code, Group, Menu, Text } from '@mantine/core'
import { type CountedDeployment, type DeploymentVerdict } from '../../../../contract/delivery/deployments.ts'
import { useUnmarkDeployment } from '../../../api/deployments.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ExternalLink, isWebAddress } from '../../../ui/links.tsx'
import { FormProblem } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'
import { judgementsOf, outcomeWords, verdictWords } from './deployment-words.ts'

export type Marking = { readonly deployment: CountedDeployment; readonly verdict: DeploymentVerdict }

type DeploymentTableProps = {
  readonly rows: readonly CountedDeployment[]
  /** Undefined: the reader may not mark. */
  readonly onMark: ((marking: Marking) => void) | undefined
}

/** Production deployments as they count, each with what it is judged and why. */
export function DeploymentTable({ rows, onMark }: DeploymentTableProps) {
  return <DataTable caption="Deployments" columns={makeColumns(onMark)} rows={rows} rowKey={(row) => row.id} />
}

function makeColumns(onMark: DeploymentTableProps['onMark']): Column<CountedDeployment>[] {
  const columns: Column<CountedDeployment>[] = [
    { key: 'what', header: 'Deployment', lead: true, cell: (row) => <What row={row} /> },
    {
      key: 'state',
      header: 'State',
      label: 'State',
      width: '130px',
      cell: ({ outcome }) => <ToneBadge tone={outcomeWords[outcome].tone}>{outcomeWords[outcome].label}</ToneBadge>,
    },
    { key: 'at', header: 'When', label: 'When', width: '140px', cell: (row) => <TimeAgo at={row.completed_at} /> },
    {
      key: 'changes',
      header: 'Changes',
      label: 'Changes',
      width: '120px',
      cell: (row) => (
        <>
          <Text>{count(row.changes, 'change')}</Text>{' '}
          {row.tellings > 1 && <Text size="xs" c="dimmed">{`${row.tellings} attempts or steps`}</Text>}
        </>
      ),
    },
    { key: 'judged', header: 'Judged', label: 'Judged', width: '250px', cell: (row) => <Judged row={row} /> },
  ]
  if (onMark === undefined) return columns
  return [...columns, { key: 'mark', header: 'Say', width: '110px', cell: (row) => <Mark row={row} onMark={onMark} /> }]
}

function What({ row }: { readonly row: CountedDeployment }) {
  const name = row.name ?? row.environment
  return (
    <>
      {row.web_url !== null && isWebAddress(row.web_url) ? (
        <ExternalLink href={row.web_url} className="break" fw={600}>
          {name}
        </ExternalLink>
      ) : (
        <Text fw={600} className="break">
          {name}
        </Text>
      )}
      <Text size="xs" c="dimmed" className="break">
        {`${row.repository.name} · ${row.environment}`}
        {row.commit !== null && (
          <>
            {' · '}
            <Code>{row.commit.slice(0, 12)}</Code>
          </>
        )}
      </Text>
    </>
  )
}

function Judged({ row }: { readonly row: CountedDeployment }) {
  const judgements = judgementsOf(row)
  const { mark } = row
  return (
    <Box>
      {judgements.length === 0 && mark === null && <Text c="dimmed">Nothing against it</Text>}
      {judgements.map(({ label, tone, why }) => (
        <Group key={label} gap={6}>
          <ToneBadge tone={tone}>{label}</ToneBadge>
          <Text size="xs" c="dimmed">
            {why}
          </Text>
        </Group>
      ))}
      {mark !== null && (
        <Text size="xs" className="break" mt={2}>
          {`${saidOf(mark)}, says ${mark.by}: “${mark.reason}”`}
        </Text>
      )}
    </Box>
  )
}

function saidOf({ failed, rework }: NonNullable<CountedDeployment['mark']>): string {
  const said = [
    failed === null ? undefined : verdictWords[failed ? 'failed' : 'not_failed'].label,
    rework === null ? undefined : verdictWords[rework ? 'rework' : 'planned'].label,
  ]
  return said.filter((one) => one !== undefined).join(', ')
}

const verdicts = ['failed', 'not_failed', 'rework', 'planned'] as const

type MarkProps = { readonly row: CountedDeployment; readonly onMark: (marking: Marking) => void }

function Mark({ row, onMark }: MarkProps) {
  const undo = useUnmarkDeployment()
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            loading={undo.isPending}
            rightSection={<Icon name="chevron" size={14} />}
            aria-label={`Say what ${row.name ?? row.environment} of ${row.repository.name} was`}
          >
            Say
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {verdicts.map((verdict) => (
            <Menu.Item key={verdict} onClick={() => onMark({ deployment: row, verdict })}>
              {verdictWords[verdict].label}
            </Menu.Item>
          ))}
          {row.mark !== null && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => undo.mutate({ params: { id: row.id } })}>Take back what was said</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <FormProblem error={undo.error} />
    </>
  )
}
