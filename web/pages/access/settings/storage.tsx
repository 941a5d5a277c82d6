import { Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { evidenceUseQuery } from '../../../api/by-hand.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { useMay } from '../../../shell/use-session.ts'
import { FactList } from '../../../ui/fact-list.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, NoPermission, ProblemNote } from '../../../ui/states.tsx'
import { count, formatBytes } from '../../../ui/words.ts'

/** From this part of what is allowed on it is time to do something. */
const nearlyFull = 0.9

/** What people keep here beside vulnerabilities, and how much of it there may be. */
export function Storage() {
  const mayRead = useMay('organization.write')
  const found = useQuery({ ...evidenceUseQuery, enabled: mayRead })
  if (!mayRead)
    return (
      <Panel>
        <NoPermission what="What is stored is for administrators." />
      </Panel>
    )
  return (
    <Panel
      title="Files"
      lead="Screenshots, requests and logs kept with vulnerabilities and attached to messages, in the database."
    >
      {found.isPending && <LoadingRows rows={2} />}
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <EvidenceUse use={found.data} />}
    </Panel>
  )
}

function EvidenceUse({ use }: { readonly use: RouteResponse<'getEvidenceUse'> }) {
  const part = use.bytes / use.max_bytes
  return (
    <Stack gap="md">
      <Progress
        value={Math.min(100, part * 100)}
        color={part >= nearlyFull ? 'red' : 'blue'}
        aria-label={`${Math.round(part * 100)} % of what is allowed is in use`}
      />
      <FactList
        facts={[
          {
            name: 'In use',
            value: `${formatBytes(use.bytes)} of ${formatBytes(use.max_bytes)}, ${count(use.files, 'file', 'files')}`,
          },
          { name: 'Evidence of each vulnerability', value: `Up to ${count(use.max_files_each, 'file', 'files')}` },
        ]}
      />
      {part >= nearlyFull && (
        <Text>
          {part >= 1 ? 'No more files can be added.' : 'Soon no more files can be added.'} Remove what nobody needs any
          more, or allow more.
        </Text>
      )}
      <Text size="sm" c="dimmed">
        Who runs Weir sets both, by WEIR_EVIDENCE_GB and WEIR_EVIDENCE_FILES; what may be attached to a message is set
        by WEIR_ATTACHMENT_MB, WEIR_ATTACHMENT_MESSAGE_MB and WEIR_ATTACHMENT_TYPES. A removed file gives its room back
        at once. Files that stand in a tracker take no room here.
      </Text>
    </Stack>
  )
}
