import { Button, Group, Stack, Switch, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Policy } from '../../../../contract/security/policies.ts'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { policiesQuery, useDeletePolicy, useUpdatePolicy } from '../../../api/policies.ts'
import { useMay } from '../../../shell/use-session.ts'
import { SeverityBadge } from '../../../ui/badges.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'
import { describeConditions } from './describe-conditions.ts'
import classes from './policies-page.module.css'
import { PolicyDialog } from './policy-dialog.tsx'
import { SendNowButton } from './send-now-button.tsx'

type Edited = Policy | 'new' | null

export function PoliciesPage() {
  const mayWrite = useMay('policy.write')
  const list = useQuery(policiesQuery)
  const [edited, setEdited] = useState<Edited>(null)
  const rows = list.data?.items ?? []
  return (
    <>
      <PageHeader
        title="Policies"
        lead="Which vulnerabilities go to the developers by themselves when a report is imported."
        actions={
          mayWrite && (
            <Button leftSection={<Icon name="plus" size={15} />} onClick={() => setEdited('new')}>
              New policy
            </Button>
          )
        }
      />
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      <Panel flush>
        {list.isPending && <LoadingRows rows={3} height={56} />}
        {list.isSuccess && rows.length === 0 && (
          <EmptyState
            icon="policies"
            title="Nothing is sent by itself"
            text="A policy names a severity, and the assets or tags it is for. Begin with critical ones; a dry run shows what it would send."
            action={mayWrite ? <Button onClick={() => setEdited('new')}>Make the first policy</Button> : undefined}
          />
        )}
        {rows.map((policy) => (
          <PolicyLine key={policy.id} policy={policy} mayWrite={mayWrite} onEdit={() => setEdited(policy)} />
        ))}
      </Panel>
      <PolicyDialog edited={edited} onClose={() => setEdited(null)} />
    </>
  )
}

type PolicyLineProps = { readonly policy: Policy; readonly mayWrite: boolean; readonly onEdit: () => void }

function PolicyLine({ policy, mayWrite, onEdit }: PolicyLineProps) {
  const update = useUpdatePolicy()
  const maySend = useMay('defect.send')
  const assets = useQuery(assetChoicesQuery)
  const names = policy.asset_ids.map((id) => assets.data?.items.find((asset) => asset.id === id)?.name ?? '…')
  return (
    <article className={classes.line} aria-label={policy.name}>
      <Stack gap={4} className={classes.text ?? ''}>
        <Title order={2}>{policy.name}</Title>
        <Group gap={6}>
          <Text c="dimmed">Sends</Text>
          <SeverityBadge severity={policy.min_severity} />
          <Text c="dimmed" className="break">
            {`${policy.min_severity === 'critical' ? '' : 'and worse '}${describeConditions(policy, names)}, at most ${count(policy.max_per_run, 'item')} at once · changed `}
            <TimeAgo at={policy.updated_at} />
          </Text>
        </Group>
        {policy.held_back !== null && (
          <Text size="sm" className="break">
            {`${count(policy.held_back.count, 'vulnerability was', 'vulnerabilities were')} held back: more matched than are sent at once. Last `}
            <TimeAgo at={policy.held_back.at} />
          </Text>
        )}
        {update.isError && <ProblemNote error={update.error} />}
      </Stack>
      <Group gap="sm">
        <Switch
          label={policy.enabled ? 'On' : 'Off'}
          aria-label={`Policy ${policy.name}`}
          checked={policy.enabled}
          disabled={!mayWrite || update.isPending}
          onChange={(event) =>
            update.mutate({ params: { id: policy.id }, body: { enabled: event.currentTarget.checked } })
          }
        />
        {maySend && <SendNowButton policy={policy} />}
        {mayWrite && (
          <>
            <Button variant="default" size="compact-sm" onClick={onEdit} aria-label={`Edit the policy ${policy.name}`}>
              Edit
            </Button>
            <DeleteButton policy={policy} />
          </>
        )}
      </Group>
    </article>
  )
}

function DeleteButton({ policy }: { readonly policy: Policy }) {
  const [opened, dialog] = useDisclosure(false)
  const remove = useDeletePolicy()
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={dialog.open} aria-label={`Remove the policy ${policy.name}`}>
        Remove
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={`Remove “${policy.name}”?`}
        text="What it sent stays sent; nothing more is sent by it."
        confirm="Remove the policy"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { id: policy.id } }, { onSuccess: dialog.close })}
      />
    </>
  )
}
