import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { ReportImport } from '../../../../contract/security/imports.ts'
import { useApplyImport, useDiscardImport, useUndoImport } from '../../../api/imports.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'

export function ImportActions({ report }: { readonly report: ReportImport }) {
  const mayDecide = useMay('import.decide')
  if (!mayDecide) return null
  if (report.state === 'previewed' || report.state === 'held') return <Decide report={report} />
  return report.can_undo ? <Undo report={report} /> : null
}

function Decide({ report }: { readonly report: ReportImport }) {
  const apply = useApplyImport()
  const discard = useDiscardImport()
  const [opened, dialog] = useDisclosure(false)
  const params = { id: report.id }
  const run = () =>
    apply.mutate(
      { params },
      {
        onSuccess: (after) => {
          dialog.close()
          notifications.show({ message: `Applied: ${after.counts.new} new, ${after.counts.closed} closed` })
        },
      },
    )
  return (
    <>
      <Button variant="default" loading={discard.isPending} onClick={() => discard.mutate({ params })}>
        Discard
      </Button>
      <Button
        loading={apply.isPending}
        leftSection={<Icon name="check" size={15} />}
        onClick={report.state === 'held' ? dialog.open : run}
      >
        Apply
      </Button>
      {(apply.error ?? discard.error) !== null && <ProblemNote error={apply.error ?? discard.error} />}
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title="Apply this import all the same?"
        text={`${report.reason ?? 'It was held back.'} It would close ${count(report.counts.closed, 'finding')}. It can be undone until the next import.`}
        confirm="Apply"
        onConfirm={run}
        busy={apply.isPending}
        error={apply.error}
      />
    </>
  )
}

function Undo({ report }: { readonly report: ReportImport }) {
  const undo = useUndoImport()
  const [opened, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" leftSection={<Icon name="undo" size={15} />} onClick={dialog.open}>
        Undo this import
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title="Take this import back?"
        text="What it opened is closed and what it closed is opened again. Items sent to Bitbucket stay there and are updated."
        confirm="Undo the import"
        onConfirm={() => undo.mutate({ params: { id: report.id } }, { onSuccess: dialog.close })}
        busy={undo.isPending}
        error={undo.error}
      />
    </>
  )
}
