import { Button, FileButton, Stack, Switch, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type DragEvent, useRef, useState } from 'react'
import type { Asset } from '../../../../contract/security/assets.ts'
import { importProgressQuery, staleAfterImport } from '../../../api/imports.ts'
import { uploadReport } from '../../../api/upload-report.ts'
import { useAnnounce } from '../../../ui/announcer.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { ProblemNote } from '../../../ui/states.tsx'
import { formatBytes } from '../../../ui/words.ts'
import { ImportProgressBar } from '../import/import-progress.tsx'
import { BranchFields } from './branch-fields.tsx'
import { type BranchDraft, readBranches, type UploadBranches } from './upload-branches.ts'
import classes from './upload-panel.module.css'

/** `key`: by which the server tells how far it is, once it has the report. */
type Running = { readonly file: File; readonly key: string; readonly part: number; readonly cancel: () => void }

/** Uploads one report and leads to its preview; nothing changes before somebody applies it there. */
function useUpload(asset: Asset, branches: UploadBranches, partial: boolean) {
  const [running, setRunning] = useState<Running | null>(null)
  const [error, setError] = useState<unknown>(null)
  const client = useQueryClient()
  const navigate = useNavigate()
  const announce = useAnnounce()
  const start = async (file: File) => {
    const abort = new AbortController()
    const cancel = () => abort.abort()
    setError(null)
    const key = crypto.randomUUID()
    setRunning({ file, key, part: 0, cancel })
    try {
      const done = await uploadReport({
        file,
        query: {
          asset: asset.id,
          ...branches,
          file_name: file.name,
          scope: partial ? 'partial' : 'full',
          preview: true,
          source: 'browser',
          progress_key: key,
        },
        onProgress: (part) => setRunning({ file, key, part, cancel }),
        signal: abort.signal,
      })
      announce('The report was read')
      await Promise.all(staleAfterImport.map((route) => client.invalidateQueries({ queryKey: [route] })))
      await navigate({ to: '/imports/$id', params: { id: done.id } })
    } catch (failure) {
      if (!abort.signal.aborted) setError(failure)
    } finally {
      setRunning(null)
    }
  }
  return { running, error, start: (file: File) => void start(file) }
}

export function UploadPanel({ asset }: { readonly asset: Asset }) {
  const [draft, setDraft] = useState<BranchDraft>({ branch: asset.default_branch, target: '', pullRequest: '' })
  const [partial, setPartial] = useState(false)
  const chosen = readBranches(draft, asset.default_branch)
  const { running, error, start } = useUpload(asset, chosen.branches, partial)
  return (
    <Panel title="Import a report" lead="You see what it would change before anything is changed.">
      <Stack>
        <Switch
          label="Part of the code only"
          description="Findings it does not hold stay open"
          checked={partial}
          onChange={(event) => setPartial(event.currentTarget.checked)}
        />
        <BranchFields draft={draft} onChange={setDraft} problem={chosen.problem} asset={asset} />
        {running !== null && <UploadProgress running={running} />}
        {running === null && chosen.problem === null && <DropZone onFile={start} />}
        {error !== null && <ProblemNote error={error} />}
      </Stack>
    </Panel>
  )
}

function DropZone({ onFile }: { readonly onFile: (file: File) => void }) {
  const [over, setOver] = useState(false)
  const reset = useRef<() => void>(null)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file !== undefined) onFile(file)
  }
  const choose = (file: File | null) => {
    if (file !== null) onFile(file)
    reset.current?.()
  }
  return (
    // Dropping is a shortcut of the button inside, which the keyboard reaches.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping is a second way; the button beside it does the same
    <div
      className={classes.zone}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="upload" size={26} />
      <Text>Drop a scanner’s report here, or</Text>
      <FileButton resetRef={reset} onChange={choose} accept=".sarif,.json,.jsonl,.ndjson,.xml,.csv,.txt">
        {(props) => <Button {...props}>Choose a file</Button>}
      </FileButton>
      <Text size="xs" c="dimmed">
        SARIF of any scanner, or what many of them write themselves: JSON, XML, CSV
      </Text>
    </div>
  )
}

function UploadProgress({ running }: { readonly running: Running }) {
  const isSent = running.part >= 1
  const onServer = useQuery({ ...importProgressQuery(running.key), enabled: isSent })
  const sending = {
    stage: 'receiving',
    bytes_read: Math.round(running.part * running.file.size),
    bytes_total: running.file.size,
    findings_read: 0,
  } as const
  return (
    <div className={classes.zone}>
      <Text className="break">{`${running.file.name} · ${formatBytes(running.file.size)}`}</Text>
      <ImportProgressBar progress={isSent ? (onServer.data?.progress ?? sending) : sending} />
      <Button variant="default" size="compact-sm" onClick={running.cancel}>
        Cancel
      </Button>
    </div>
  )
}
