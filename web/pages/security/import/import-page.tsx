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
import { Doubt, HeldBack, ImportActions } from './import-actions.tsx'
import { ImportItems } from './import-items.tsx'
import classes from './import-page.module.css'
import { ImportProgressBar } from './import-progress.tsx'
import { ImportStateBadge } from './import-state.tsx'
import { authorWords, outcomeWords, refusalWords } from './import-words.ts'

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

function Loaded({ report }: { readonly report: ReportImport }) {
  // What holds it back stands above, with what can be done about it; what speaks against applying a preview is a warning.
  const lead = report.state === 'held' || report.state === 'previewed' ? null : report.reason
  return (
    <>
      <PageHeader
        title={`Import of ${report.tool ?? report.file_name}`}
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
        {report.state === 'held' && <HeldBack report={report} />}
        <Panel title={headings[report.state]} {...(lead !== null && { lead })}>
          <Stack>
            {report.state === 'previewed' && report.reason !== null && <Doubt reason={report.reason} />}
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
        {report.state !== 'failed' && report.state !== 'running' && <ImportItems report={report} />}
      </Stack>
    </>
  )
}

function branchWords({ branch, target_branch: target }: ReportImport): string {
  return target === null ? `Branch ${branch}` : `Branch ${branch}, compared with its target ${target}`
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
        report.state === 'failed' &&
          report.error_code !== null && { name: 'Refused', value: refusalWords(report.error_code) },
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
