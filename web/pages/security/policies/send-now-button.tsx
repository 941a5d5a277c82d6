import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import type { Policy } from '../../../../contract/security/policies.ts'
import { useSendPolicy, useTryPolicy } from '../../../api/policies.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { DryRunResult } from './dry-run-result.tsx'

/** Sends what matches the policy already; an import sends only what it brings. */
export function SendNowButton({ policy }: { readonly policy: Policy }) {
  const [opened, dialog] = useDisclosure(false)
  const dryRun = useTryPolicy()
  const send = useSendPolicy()
  const navigate = useNavigate()
  const open = () => {
    const { min_severity, kinds, asset_ids, tags, branches, sla_states } = policy
    dryRun.mutate({ body: { min_severity, kinds, asset_ids, tags, branches, sla_states } })
    send.reset()
    dialog.open()
  }
  const goToChange = ({ id }: { id: string }) => void navigate({ to: '/bulk-changes/$id', params: { id } })
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={open} aria-label={`Send now… by the policy ${policy.name}`}>
        Send now…
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={`Send what matches “${policy.name}” now?`}
        text={
          dryRun.data === undefined ? (
            <Text c="dimmed">Counting what matches…</Text>
          ) : (
            <DryRunResult result={dryRun.data} maxPerRun={Infinity} />
          )
        }
        confirm="Send them"
        busy={dryRun.isPending || send.isPending}
        error={dryRun.error ?? send.error}
        onConfirm={() => send.mutate({ params: { id: policy.id } }, { onSuccess: goToChange })}
      />
    </>
  )
}
