import { Group, Stack, Text } from '@mantine/core'
import { ToneBadge } from '../../../ui/badges.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import classes from './scope-list.module.css'

type Scope = { readonly scope: string; readonly needed_for: string; readonly required: boolean }

/** The exact scopes to tick, with the reason for each; names can be copied one by one or all at once. */
export function ScopeList({ title, scopes }: { readonly title: string; readonly scopes: readonly Scope[] }) {
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text fw={600}>{title}</Text>
        <CopyButton value={scopes.map((item) => item.scope).join(' ')} label="Copy all scopes" />
      </Group>
      <ul className={classes.list}>
        {scopes.map((item) => (
          <li key={item.scope}>
            <span className="mono break">{item.scope}</span>
            {!item.required && <ToneBadge tone="notification">Optional</ToneBadge>}
            <span className={classes.why}>{item.needed_for}</span>
            <CopyButton value={item.scope} label={`Copy ${item.scope}`} />
          </li>
        ))}
      </ul>
    </Stack>
  )
}
