import { Anchor, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReportImport } from '../../../../contract/security/imports.ts'
import { toRequest } from '../../../api/call.ts'
import { importQuery } from '../../../api/imports.ts'
import { DetailFailure } from '../../../shell/detail-failure.tsx'
import { PagePending } from '../../../shell/page-states.tsx'
import { useMay } from '../../../shell/use-session.ts'
import { FactList } from '../../../ui/fact-list.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { formatDay, TimeAgo } from '../../../ui/time-ago.tsx'
import { formatBytes } from '../../../ui/words.ts'
import { HeldBack, ImportActions } from './import-actions.tsx'
import { ImportItems } from './import-items.tsx'
import { ImportLog } from './import-log.tsx'
import classes from './import-page.module.css'
import { ImportProgressBar } from './import-progress.tsx'
import { ImportStateBadge } from './import-state.tsx'
import { authorWords, outcomeWords, refusalWords, toolWords } from './import-words.ts'

const route = getRouteApi('/app/imports/$id')

export function ImportPage() {
  const { id } = route.useParams()
  const found = useQuery(importQuery(id))
  if (found.isPending) return <PagePending />
  if (found.isError) {
    return (
      <DetailFailure
        what="import"
        back={
          <AnchorLink to="/assets" size="sm" mb={4} display="inline-flex">
            <Icon name="left" size={16} />
            Assets
          </AnchorLink>
        }
        error={found.error}
        onRetry={() => void found.refetch()}
      />
    )
  }
  return <Loaded report={found.data} />
}

const headings: Record<ReportImport['state'], string> = {
  running: 'This report is being imported',
  previewed: 'Preview: nothing has changed yet',
  held: 'What it would do',
  applied: 'What this import did',
  unchanged: 'The same report again: nothing changed',
  undone: 'This import was taken back',
  failed: 'This report could not be imported',
  discarded: 'Thrown away: nothing changed',
}

/** Of a refusal: what was wrong with the report. */
function headingOf({ state, error_code: code, doubtful }: ReportImport): string {
  if (state === 'previewed' && doubtful) return 'What it would do'
  return state === 'failed' && code !== null ? refusalWords(code) : headings[state]
}

function Loaded({ report }: { readonly report: ReportImport }) {
  // What holds it back, or speaks against applying it, stands above with what can be done about it.
  const lead = report.doubtful ? null : report.reason
  return (
    <>
      <PageHeader
        title={`Import of ${toolWords(report)}`}
        above={
          <AnchorLink
            underline="always"
            to="/assets/$id"
            params={{ id: report.asset.id }}
            search={{ tab: 'imports' }}
            size="sm"
            mb={4}
            display="inline-flex"
          >
            <Icon name="left" size={16} />
            {report.asset.name}
          </AnchorLink>
        }
        lead={
          <Group gap={10} mt={6}>
            <ImportStateBadge state={report.state} />
            <Text span className="break">
              {branchWords(report)}
            </Text>
            <TimeAgo at={report.created_at} />
          </Group>
        }
        actions={<ImportActions report={report} />}
      />
      <Stack>
        {report.doubtful && <HeldBack report={report} />}
        <Panel title={headingOf(report)} {...(lead !== null && { lead })}>
          <Stack>
            {report.progress !== null && <ImportProgressBar progress={report.progress} />}
            {report.state !== 'running' && report.state !== 'failed' && <Counts report={report} />}
            {report.unread.length > 0 && (
              <ul className={classes.unread} aria-label="What Weir does not read in this file">
                {report.unread.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            )}
            <Facts report={report} />
          </Stack>
        </Panel>
        <ImportLog importId={report.id} />
        {report.state !== 'failed' && report.state !== 'running' && <ImportItems report={report} />}
      </Stack>
    </>
  )
}

function branchWords({ branch, target_branch: target, pull_request_id: number }: ReportImport): string {
  if (target === null) return `Branch ${branch}`
  return `${number === null ? '' : `Pull request ${number}: `}branch ${branch}, compared with its target ${target}`
}

/** What stands in the target of a pull request is counted on its own. */
function isOfPullRequest(report: ReportImport): boolean {
  return report.target_branch !== null
}

function Counts({ report }: { readonly report: ReportImport }) {
  const { counts } = report
  const isPlan = report.state === 'previewed' || report.state === 'held'
  const figures = [
    [outcomeWords.new, counts.new],
    [outcomeWords.merged, counts.merged],
    [outcomeWords.kept, counts.kept],
    [outcomeWords.reopened, counts.reopened],
    [outcomeWords.closed, counts.closed],
    [outcomeWords.suppressed, counts.suppressed],
    ...(isOfPullRequest(report) ? [[outcomeWords.known, counts.known] as const] : []),
    [outcomeWords.skipped, counts.skipped],
    ['Sent', counts.sent],
  ] as const
  return (
    <div>
      <dl className={classes.counts}>
        {figures.map(([name, amount]) => (
          <div key={name} data-none={amount === 0 || undefined}>
            <dt>{name}</dt>
            <dd>{amount.toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      <Text size="xs" c="dimmed" mt={8}>
        {`The report holds ${counts.results.toLocaleString()} results = new + merged + kept + reopened + suppressed + ${isOfPullRequest(report) ? 'known in the target + ' : ''}skipped. ${isPlan ? 'Applying it closes' : 'Closed are'} earlier findings it no longer has.`}
      </Text>
    </div>
  )
}

function Facts({ report }: { readonly report: ReportImport }) {
  return (
    <FactList
      facts={[
        {
          name: 'File',
          value: <span className="break">{`${report.file_name} · ${formatBytes(report.file_bytes)}`}</span>,
        },
        { name: 'Report kept', value: <KeptFile report={report} /> },
        report.scope === 'partial' && { name: 'Scope', value: 'Part of the code: it closes nothing' },
        report.tool !== null && { name: 'Scanner', value: `${report.tool} ${report.tool_version ?? ''}` },
        report.commit_hash !== null && {
          name: 'Commit',
          value: <span className="mono">{report.commit_hash.slice(0, 12)}</span>,
        },
        {
          name: 'By',
          value: authorWords(report),
        },
        report.applied_at !== null && { name: 'Applied', value: <TimeAgo at={report.applied_at} /> },
      ]}
    />
  )
}

/** Until when the report can be downloaded, and the way to it for those who may. */
function KeptFile({ report }: { readonly report: ReportImport }) {
  const mayDecide = useMay('import.decide')
  if (!report.has_file) return <>No</>
  const until =
    report.file_kept_until === null ? 'While it waits for a decision' : `Until ${formatDay(report.file_kept_until)}`
  const { url } = toRequest('downloadImportFile', { params: { id: report.id } })
  return (
    <>
      {until}
      {mayDecide && (
        <>
          {' · '}
          <Anchor href={url} download underline="always">
            Download
          </Anchor>
        </>
      )}
    </>
  )
}
