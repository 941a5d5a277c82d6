import { Button, List, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ReportImport, UndoPreview } from '../../../../contract/security/imports.ts'
import { undoPreviewQuery, useUndoImport } from '../../../api/imports.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'

/** Takes an applied import back, after saying what that does; or says what stands in its way. */
export function UndoImport({ report }: { readonly report: ReportImport }) {
  return report.can_undo ? <Undo report={report} /> : <Blocked report={report} />
}

function Undo({ report }: { readonly report: ReportImport }) {
  const undo = useUndoImport()
  const [opened, dialog] = useDisclosure(false)
  const preview = useQuery({ ...undoPreviewQuery(report.id), enabled: opened, staleTime: 0 })
  return (
    <>
      <Button variant="default" leftSection={<Icon name="undo" size={15} />} onClick={dialog.open}>
        Undo this import
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title="Take this import back?"
        text={
          preview.data === undefined ? (
            preview.isError ? (
              <ProblemNote error={preview.error} onRetry={() => void preview.refetch()} />
            ) : (
              <LoadingRows rows={3} height={20} />
            )
          ) : (
            <Consequences preview={preview.data} />
          )
        }
        confirm="Undo the import"
        onConfirm={() => undo.mutate({ params: { id: report.id } }, { onSuccess: dialog.close })}
        busy={undo.isPending || preview.isPending}
        error={undo.error}
      />
    </>
  )
}

const becauseWords: Record<UndoPreview['closed_examples'][number]['because'], string> = {
  sent: 'was sent to a tracker',
  discussed: 'is being discussed',
  changed: 'was worked on',
  other_evidence: 'has other evidence',
}

function Consequences({ preview }: { readonly preview: UndoPreview }) {
  const { restored_findings: findings, restored_statuses: statuses, removed_evidence: evidence } = preview
  const rest = preview.closed - preview.closed_examples.length
  return (
    <Stack gap="xs">
      <List spacing={4}>
        <List.Item>{`${count(preview.removed, 'vulnerability', 'vulnerabilities')} it brought ${preview.removed === 1 ? 'goes' : 'go'} again`}</List.Item>
        <List.Item>{`${count(statuses, 'status', 'statuses')} it changed ${statuses === 1 ? 'is' : 'are'} as before`}</List.Item>
        <List.Item>{`${count(findings, 'finding')} it touched ${findings === 1 ? 'is' : 'are'} as before`}</List.Item>
        {evidence > 0 && (
          <List.Item>{`${count(evidence, 'finding')} it added to others ${evidence === 1 ? 'goes' : 'go'} again`}</List.Item>
        )}
      </List>
      {preview.closed > 0 && (
        <>
          <Text fw={600}>
            {`${count(preview.closed, 'vulnerability', 'vulnerabilities')} it brought ${preview.closed === 1 ? 'stays, as fixed, since somebody has' : 'stay, as fixed, since somebody has'} worked on ${preview.closed === 1 ? 'it' : 'them'}:`}
          </Text>
          <List spacing={4}>
            {preview.closed_examples.map((one) => (
              <List.Item key={one.id}>
                <AnchorLink to="/vulnerabilities/$id" params={{ id: one.id }} className="break">
                  {`#${one.number} ${one.title}`}
                </AnchorLink>
                {` ${becauseWords[one.because]}`}
              </List.Item>
            ))}
            {rest > 0 && <List.Item>{`and ${rest.toLocaleString()} more`}</List.Item>}
          </List>
        </>
      )}
      <Text size="sm" c="dimmed">
        Items that were sent to a tracker stay there and are updated.
      </Text>
    </Stack>
  )
}

function Blocked({ report }: { readonly report: ReportImport }) {
  const preview = useQuery(undoPreviewQuery(report.id))
  const by = preview.data?.blocked_by
  if (by === undefined || by === null) return null
  return (
    <Text size="sm" c="dimmed" maw={320} className="break">
      {'To take it back, first undo the later import '}
      <AnchorLink underline="always" to="/imports/$id" params={{ id: by.id }}>
        {by.file_name}
      </AnchorLink>
      .
    </Text>
  )
}
