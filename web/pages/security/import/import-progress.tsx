import { Progress, Stack, Text } from '@mantine/core'
import type { ImportProgress } from '../../../../contract/security/imports.ts'
import { formatBytes } from '../../../ui/words.ts'

const stageWords: Record<ImportProgress['stage'], string> = {
  receiving: 'Receiving the report',
  reading: 'Reading the report',
  comparing: 'Comparing it with what is known',
  writing: 'Writing what changes',
}

/** How far an import is, in one line: `Reading the report · 4.1 of 8.2 MB · 1,200 findings`. */
export function progressWords({ stage, bytes_read, bytes_total, findings_read }: ImportProgress): string {
  const bytes =
    stage === 'comparing' || bytes_read === 0
      ? ''
      : bytes_total === null
        ? formatBytes(bytes_read)
        : `${formatBytes(bytes_read)} of ${formatBytes(bytes_total)}`
  const findings = findings_read === 0 ? '' : `${findings_read.toLocaleString()} findings`
  return [stageWords[stage], bytes, findings].filter((text) => text !== '').join(' · ')
}

/** 0 to 100 of its stage; the whole bar, moving, where nobody knows how much is to come. */
function percentOf({ stage, bytes_read, bytes_total }: ImportProgress): number {
  if (stage === 'comparing' || bytes_total === null || bytes_total === 0) return 100
  return Math.min(100, Math.round((bytes_read / bytes_total) * 100))
}

export function ImportProgressBar({ progress }: { readonly progress: ImportProgress }) {
  const percent = percentOf(progress)
  return (
    <Stack gap={6} w="100%" maw={420}>
      <Progress.Root size="lg">
        <Progress.Section value={percent} animated={percent === 100} aria-label={stageWords[progress.stage]} />
      </Progress.Root>
      <Text size="sm" c="dimmed" className="break tabular" aria-live="polite">
        {progressWords(progress)}
      </Text>
    </Stack>
  )
}
