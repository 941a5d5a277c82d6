import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { VulnerabilityTemplate } from '../../../../contract/security/vulnerability-templates.ts'
import { templatesQuery, useAddStarterTemplates, useDeleteTemplate } from '../../../api/by-hand.ts'
import { useMay } from '../../../shell/use-session.ts'
import { SeverityBadge } from '../../../ui/badges.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'
import { TemplateDialog } from './template-dialog.tsx'
import classes from './templates.module.css'

export function Templates() {
  const mayWrite = useMay('vulnerability.decide')
  const list = useQuery(templatesQuery)
  const [edited, setEdited] = useState<VulnerabilityTemplate | 'new' | null>(null)
  const rows = list.data?.items ?? []
  return (
    <Panel
      title="Templates"
      lead="What vulnerabilities that are written down by hand begin with."
      flush
      actions={
        mayWrite && (
          <Button leftSection={<Icon name="plus" size={15} />} onClick={() => setEdited('new')}>
            New template
          </Button>
        )
      }
    >
      {list.isPending && <LoadingRows rows={4} height={56} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <NoTemplates mayWrite={mayWrite} />}
      {rows.map((template) => (
        <TemplateLine key={template.id} template={template} mayWrite={mayWrite} onEdit={() => setEdited(template)} />
      ))}
      <TemplateDialog edited={edited} onClose={() => setEdited(null)} />
    </Panel>
  )
}

function NoTemplates({ mayWrite }: { readonly mayWrite: boolean }) {
  const add = useAddStarterTemplates()
  const start = () =>
    add.mutate({}, { onSuccess: ({ added }) => notifications.show({ message: `${count(added, 'template')} added` }) })
  return (
    <EmptyState
      icon="file"
      title="No templates yet"
      text={
        <>
          The starter set has ten common weaknesses, from SQL injection to a secret in the repository, each with words,
          a rating and what to do. Change them to your own.
          {add.isError && <ProblemNote error={add.error} />}
        </>
      }
      action={
        mayWrite ? (
          <Button onClick={start} loading={add.isPending}>
            Add the starter set
          </Button>
        ) : undefined
      }
    />
  )
}

type TemplateLineProps = {
  readonly template: VulnerabilityTemplate
  readonly mayWrite: boolean
  readonly onEdit: () => void
}

function TemplateLine({ template, mayWrite, onEdit }: TemplateLineProps) {
  return (
    <article className={classes.line} aria-label={template.name}>
      <Stack gap={4} className={classes.text ?? ''}>
        <Title order={3}>{template.name}</Title>
        <Text className="break">{template.title}</Text>
        <Group gap={6}>
          <SeverityBadge severity={template.severity} />
          <Text size="xs" c="dimmed" className="break">
            {`impact ${template.impact} × probability ${template.probability}${template.cwes.map((cwe) => ` · CWE-${cwe}`).join('')} · changed `}
            <TimeAgo at={template.updated_at} />
          </Text>
        </Group>
      </Stack>
      {mayWrite && (
        <Group gap="xs">
          <Button
            variant="default"
            size="compact-sm"
            onClick={onEdit}
            aria-label={`Edit the template ${template.name}`}
          >
            Edit
          </Button>
          <RemoveButton template={template} />
        </Group>
      )}
    </article>
  )
}

function RemoveButton({ template }: { readonly template: VulnerabilityTemplate }) {
  const [opened, dialog] = useDisclosure(false)
  const remove = useDeleteTemplate()
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        onClick={dialog.open}
        aria-label={`Remove the template ${template.name}`}
      >
        Remove
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={`Remove “${template.name}”?`}
        text="What was written with it stays as it is."
        confirm="Remove the template"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { id: template.id } }, { onSuccess: dialog.close })}
      />
    </>
  )
}
