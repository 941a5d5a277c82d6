import { Button, Text } from '@mantine/core'
import { type ReactNode, useMemo } from 'react'
import type { AssetDestination } from '../../../../contract/sync/tracker-routes.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'

type Destination = Pick<AssetDestination, 'because' | 'tracker_title' | 'connection' | 'obstacle'>

const reasons: Record<AssetDestination['because'], string> = {
  branch: 'The route of this branch',
  asset: 'Its own route',
  default: 'The default route',
  repository: 'No route: what its repository has',
}

type DestinationTableProps = {
  readonly rows: readonly AssetDestination[]
  /** Left out for those who may not make routes. */
  readonly onSet?: ((asset: AssetDestination['asset']) => void) | undefined
}

export function DestinationTable({ rows, onSet }: DestinationTableProps) {
  const columns = useMemo(() => toColumns(onSet), [onSet])
  return <DataTable caption="Where assets go" columns={columns} rows={rows} rowKey={(row) => row.asset.id} />
}

function toColumns(onSet: DestinationTableProps['onSet']): Column<AssetDestination>[] {
  const columns: Column<AssetDestination>[] = [
    { key: 'asset', header: 'Asset', lead: true, cell: ({ asset }) => <AssetName asset={asset} /> },
    { key: 'tracker', header: 'Goes to', label: 'Goes to', cell: (row) => <EachBranch row={row} say={Place} /> },
    { key: 'because', header: 'Because', label: 'Because', cell: (row) => <EachBranch row={row} say={Reason} /> },
  ]
  if (onSet === undefined) return columns
  const set: Column<AssetDestination> = {
    key: 'set',
    header: <span style={{ position: 'absolute', clipPath: 'inset(50%)' }}>Actions</span>,
    width: '130px',
    align: 'right',
    cell: ({ asset }) => (
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Set a route of ${asset.name}`}
        onClick={() => onSet(asset)}
      >
        Set a route
      </Button>
    ),
  }
  return [...columns, set]
}

function AssetName({ asset }: { readonly asset: AssetDestination['asset'] }) {
  return (
    <>
      <AnchorLink to="/assets/$id" params={{ id: asset.id }} fw={600} c="inherit" className="break">
        {asset.name}
      </AnchorLink>
      <Text size="xs" c="dimmed" className="break">
        <span className="mono">{asset.key}</span>
        {asset.repository !== null && ` · ${asset.repository}`}
      </Text>
    </>
  )
}

type Say = (props: { readonly of: Destination }) => ReactNode

/** What holds for the asset, and below it what holds for the branches that have a route of their own. */
function EachBranch({ row, say: Say }: { readonly row: AssetDestination; readonly say: Say }) {
  return (
    <div>
      <Say of={row} />
      {row.branches.map((branch) => (
        <div key={branch.branch}>
          <Text span size="xs" c="dimmed" className="mono break">
            {branch.branch}
          </Text>{' '}
          <Say of={branch} />
        </div>
      ))}
    </div>
  )
}

function Place({ of: { tracker_title: title, connection, obstacle } }: { readonly of: Destination }) {
  return (
    <span className="break">
      {title}
      {connection !== null && `, ${connection.name}`}
      {obstacle !== null && (
        <Text span display="block" size="xs" c="var(--bad-fg)">
          {obstacle}
        </Text>
      )}
    </span>
  )
}

function Reason({ of: { because } }: { readonly of: Destination }) {
  return <span>{reasons[because]}</span>
}
