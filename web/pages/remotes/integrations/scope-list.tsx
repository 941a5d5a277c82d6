import { Group, Stack, Text } from '@mantine/core'
import { CopyButton } from '../../../ui/copy-button.tsx'
import classes from './scope-list.module.css'

type Scope = { readonly scope: string; readonly needed_for: string; readonly required: boolean }

type ScopeListProps = {
  /** What this way of connecting calls them: `Scopes`, `Permissions`. */
  readonly title: string
  readonly scopes: readonly Scope[]
}

/** The scopes to tick, with the reason for each; those that Weir works without stand apart, each with what it adds. */
export function ScopeList({ title, scopes }: ScopeListProps) {
  const needed = scopes.filter((item) => item.required)
  const optional = scopes.filter((item) => !item.required)
  return (
    <Stack gap="sm">
      <ScopeGroup title={`${title} needed`} scopes={needed} />
      {optional.length > 0 && (
        <ScopeGroup
          title="Optional"
          lead="Weir works without these; tick one only for what it adds."
          scopes={optional}
        />
      )}
    </Stack>
  )
}

function ScopeGroup({ title, lead, scopes }: ScopeListProps & { readonly lead?: string }) {
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600}>{title}</Text>
        <CopyButton value={scopes.map((item) => item.scope).join(' ')} label={`Copy all under “${title}”`} />
      </Group>
      {lead !== undefined && (
        <Text size="sm" c="dimmed">
          {lead}
        </Text>
      )}
      <ul className={classes.list} aria-label={title}>
        {scopes.map((item) => (
          <li key={item.scope}>
            <span className="mono break">{item.scope}</span>
            <span className={classes.why}>{item.needed_for}</span>
            <CopyButton value={item.scope} label={`Copy ${item.scope}`} />
          </li>
        ))}
      </ul>
    </Stack>
  )
}
