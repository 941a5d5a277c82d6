import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ImportLogLine } from '../../../../contract/security/import-log.ts'
import { importLogQuery } from '../../../api/imports.ts'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import classes from './import-log.module.css'
import { logWords, stageFacts } from './import-log-words.ts'

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' })

const tones: Partial<Record<ImportLogLine['kind'], 'warn' | 'bad'>> = { warned: 'warn', held: 'warn', failed: 'bad' }

function toneOf({ kind, detail }: ImportLogLine): 'warn' | 'bad' | undefined {
  return kind === 'judged' && detail !== null ? 'warn' : tones[kind]
}

/** What happened to an import, line by line, from its receipt to the deletion of its report. */
export function ImportLog({ importId }: { readonly importId: string }) {
  const log = useQuery(importLogQuery(importId))
  return (
    <Panel title="Log" lead="What happened, step by step: when each began and how long it took.">
      {log.isPending && <LoadingRows rows={4} height={20} />}
      {log.isError && <ProblemNote error={log.error} onRetry={() => void log.refetch()} />}
      {log.isSuccess && (
        <ol className={classes.log} aria-label="Log">
          {log.data.lines.map((line, index) => (
            <li key={`${index} ${line.kind}`} data-tone={toneOf(line)}>
              <time dateTime={line.at} className={classes.time}>
                {time.format(new Date(line.at))}
              </time>
              <span className="break">{logWords(line)}</span>
              <Text component="span" size="sm" c="dimmed" className="tabular">
                {stageFacts(line)}
              </Text>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}
