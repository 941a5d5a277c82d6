import { Button, FileInput, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { MergeUpload } from '../../../../contract/delivery/contributor-merges.ts'
import { useImportMerges } from '../../../api/teams.ts'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'

/** Merges by a table: first what it would do, then doing it. */
export function UploadPanel() {
  const [csv, setCsv] = useState<string | null>(null)
  const trial = useImportMerges()
  const run = useImportMerges()
  const choose = async (file: File | null) => {
    trial.reset()
    run.reset()
    const text = file === null ? null : await file.text()
    setCsv(text)
    if (text !== null) trial.mutate({ body: { csv: text, dry_run: true } })
  }
  const result = run.data ?? trial.data
  return (
    <Panel
      title="Merge by a table"
      lead="A CSV file whose first line is “person,account”: each other line names two accounts of one person by e-mail address, UUID or Atlassian account id. Names are not taken."
    >
      <Stack gap="sm">
        <Group align="flex-end">
          <FileInput
            label="File"
            placeholder="Choose a CSV file"
            accept=".csv,text/csv"
            clearable
            w={320}
            onChange={(file) => void choose(file)}
          />
          <Button
            variant="default"
            disabled={csv === null || run.data !== undefined || (trial.data?.merged ?? 0) === 0}
            loading={run.isPending || trial.isPending}
            onClick={() => csv !== null && run.mutate({ body: { csv, dry_run: false } })}
          >
            {trial.data === undefined ? 'Merge' : `Merge ${count(trial.data.merged, 'account')}`}
          </Button>
        </Group>
        <FormProblem error={trial.error ?? run.error} />
        {result !== undefined && <Result result={result} isDone={run.data !== undefined} />}
      </Stack>
    </Panel>
  )
}

const shownAtMost = 20

function Result({ result, isDone }: { readonly result: MergeUpload; readonly isDone: boolean }) {
  const { lines, merged, already, refused } = result
  return (
    <div>
      <Text component="output">
        {`${count(lines, 'line')}: ${count(merged, 'account')} ${isDone ? 'merged' : 'would be merged'}, ${already} merged before, ${refused.length} refused.`}
      </Text>
      {refused.slice(0, shownAtMost).map((one) => (
        <Text key={`${one.line} ${one.reason}`} size="sm" c="dimmed" className="break">
          {`Line ${one.line}: ${one.reason}`}
        </Text>
      ))}
      {refused.length > shownAtMost && <Text size="sm" c="dimmed">{`and ${refused.length - shownAtMost} more`}</Text>}
    </div>
  )
}
