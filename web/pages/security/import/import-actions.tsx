import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { ReportImport } from '../../../../contract/security/imports.ts'
import { useApplyImport, useDiscardImport } from '../../../api/imports.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { UndoImport } from './undo-import.tsx'

export function ImportActions({ report }: { readonly report: ReportImport }) {
  const mayDecide = useMay('import.decide')
  if (!mayDecide) return null
  if (report.state === 'previewed' && !report.doubtful) return <Decide report={report} />
  return report.state === 'applied' ? <UndoImport report={report} /> : null
}

function useDecision(report: ReportImport) {
  const apply = useApplyImport()
  const discard = useDiscardImport()
  const params = { id: report.id }
  return {
    isApplying: apply.isPending || report.progress !== null,
    isDiscarding: discard.isPending,
    error: apply.error ?? discard.error,
    discard: () => discard.mutate({ params }),
    apply: (done?: () => void) =>
      apply.mutate(
        { params },
        {
          onSuccess: (after) => {
            done?.()
            notifications.show({ message: `Applied: ${after.counts.new} new, ${after.counts.closed} closed` })
          },
        },
      ),
  }
}

function Decide({ report }: { readonly report: ReportImport }) {
  const decision = useDecision(report)
  return (
    <>
      <Button
        variant="default"
        loading={decision.isDiscarding}
        disabled={decision.isApplying}
        onClick={decision.discard}
      >
        Discard
      </Button>
      <Button
        loading={decision.isApplying}
        leftSection={<Icon name="check" size={15} />}
        onClick={() => decision.apply()}
      >
        Apply
      </Button>
      {decision.error !== null && <ProblemNote error={decision.error} />}
    </>
  )
}

const warningStyles = {
  root: { background: 'var(--warn-bg)', borderColor: 'var(--warn-fg)', color: 'var(--warn-fg)' },
  title: { color: 'inherit' },
  icon: { color: 'inherit' },
  message: { color: 'inherit' },
}

/** What a guard held back, or has against a preview, why, what applying it would do, and the two ways on. */
export function HeldBack({ report }: { readonly report: ReportImport }) {
  const mayDecide = useMay('import.decide')
  const decision = useDecision(report)
  const [opened, dialog] = useDisclosure(false)
  return (
    <Alert
      color="yellow"
      icon={<Icon name={report.state === 'held' ? 'lock' : 'alert'} />}
      title={
        report.state === 'held' ? 'Held back: nothing has changed yet' : 'Preview in doubt: nothing has changed yet'
      }
      styles={warningStyles}
    >
      <Stack gap="sm">
        <Text className="break">{report.reason}</Text>
        <Text>{consequences(report)}</Text>
        {mayDecide ? (
          <Group>
            <Button loading={decision.isApplying} onClick={dialog.open}>
              Apply anyway
            </Button>
            <Button
              variant="default"
              loading={decision.isDiscarding}
              disabled={decision.isApplying}
              onClick={decision.discard}
            >
              Discard
            </Button>
          </Group>
        ) : (
          <Text>A champion or an administrator decides whether it is applied.</Text>
        )}
        {decision.error !== null && <ProblemNote error={decision.error} />}
      </Stack>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title="Apply this import all the same?"
        text={`${consequences(report)} It can be undone until the next import.`}
        confirm="Apply anyway"
        onConfirm={() => decision.apply(dialog.close)}
        busy={decision.isApplying}
        error={decision.error}
      />
    </Alert>
  )
}

/** `Applied, it closes 42 findings that it no longer has, brings 3 new ones and keeps 8.` */
function consequences({ counts }: ReportImport): string {
  const parts = [
    `closes ${count(counts.closed, 'finding')} that it no longer has`,
    counts.new > 0 && `brings ${counts.new.toLocaleString()} new`,
    counts.reopened > 0 && `reopens ${counts.reopened.toLocaleString()}`,
    `keeps ${counts.kept.toLocaleString()}`,
  ].filter((part) => part !== false)
  return `Applied, it ${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}.`
}
