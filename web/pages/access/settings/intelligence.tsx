import { Code, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { IntelligenceStatus } from '../../../../contract/security/intelligence.ts'
import { intelligenceQuery } from '../../../api/intelligence.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { FactList } from '../../../ui/fact-list.tsx'
import { ExternalLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, NoPermission, ProblemNote } from '../../../ui/states.tsx'
import { formatDay, TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'
import { IntelligenceUpload } from './intelligence-upload.tsx'

type Words = {
  readonly lead: string
  readonly file: string
  readonly source?: { readonly url: string; readonly name: string }
}

const words: Record<IntelligenceStatus['kind'], Words> = {
  epss: {
    lead: 'How likely each CVE is exploited within 30 days. Published every day.',
    file: 'epss_scores-current.csv.gz',
    source: { url: 'https://www.first.org/epss/data_stats', name: 'first.org/epss' },
  },
  kev: {
    lead: 'CVEs that are exploited somewhere, with the day by which US federal agencies mend them.',
    file: 'known_exploited_vulnerabilities.json',
    source: { url: 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog', name: 'cisa.gov' },
  },
  aliases: { lead: 'Which names of advisories mean the same.', file: 'aliases.csv' },
}

/** The published files about advisories: what is loaded, from when, and how to load a newer one. */
export function Intelligence() {
  const mayRead = useMay('organization.write')
  const found = useQuery({ ...intelligenceQuery, enabled: mayRead })
  if (!mayRead)
    return (
      <Panel>
        <NoPermission what="Published files about advisories are for administrators." />
      </Panel>
    )
  return (
    <Stack>
      <Text maw={640}>
        Published files say more about a vulnerability than its scanner does. They count for the whole installation, and
        every vulnerability is told as soon as one is loaded. Weir fetches nothing by itself.
      </Text>
      {found.isPending && <LoadingRows rows={4} height={60} />}
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.items.map((item) => (
        <FilePanel key={item.kind} item={item} mayUpload={found.data.may_upload} />
      ))}
    </Stack>
  )
}

type FilePanelProps = { readonly item: IntelligenceStatus; readonly mayUpload: boolean }

function FilePanel({ item, mayUpload }: FilePanelProps) {
  const { lead, file, source } = words[item.kind]
  const command = `npx weir intelligence load ${item.kind} ${file}`
  return (
    <Panel title={item.title} lead={lead} actions={<StateBadge item={item} />}>
      <Stack gap="md">
        {item.loaded !== null && <Loaded loaded={item.loaded} />}
        {item.loaded?.is_applied === false && (
          <Text>Not every vulnerability was told yet. Where nobody is loading it now, load the same file again.</Text>
        )}
        <div>
          <Text size="sm" mb={4}>
            {source === undefined ? (
              'On the machine of Weir:'
            ) : (
              <>
                {'Fetch the file from '}
                <ExternalLink href={source.url}>{source.name}</ExternalLink>
                {', then, on the machine of Weir:'}
              </>
            )}
          </Text>
          <Group gap={4} wrap="nowrap">
            <Code className="break">{command}</Code>
            <CopyButton value={command} label="Copy the command" />
          </Group>
        </div>
        {mayUpload && <IntelligenceUpload kind={item.kind} title={item.title} />}
      </Stack>
    </Panel>
  )
}

function StateBadge({ item }: { readonly item: IntelligenceStatus }) {
  if (item.loaded === null) return <ToneBadge tone="notification">Not loaded</ToneBadge>
  return item.is_old ? (
    <ToneBadge tone="warn" icon="alert">
      Older than 30 days
    </ToneBadge>
  ) : (
    <ToneBadge tone="good" icon="check">
      Loaded
    </ToneBadge>
  )
}

function Loaded({ loaded }: { readonly loaded: NonNullable<IntelligenceStatus['loaded']> }) {
  return (
    <FactList
      facts={[
        { name: 'Entries', value: count(loaded.entries, 'entry', 'entries') },
        loaded.published_on !== null && { name: 'Of', value: formatDay(loaded.published_on) },
        loaded.version !== null && { name: 'Version', value: <span className="mono break">{loaded.version}</span> },
        { name: 'Loaded', value: <TimeAgo at={loaded.loaded_at} /> },
      ]}
    />
  )
}
