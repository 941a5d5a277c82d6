import { Button, Checkbox, FileButton, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { IntelligenceStatus } from '../../../../contract/security/intelligence.ts'
import { uploadIntelligence } from '../../../api/intelligence.ts'
import { useAnnounce } from '../../../ui/announcer.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'

type Props = { readonly kind: IntelligenceStatus['kind']; readonly title: string }

const stale = ['listIntelligence', 'listVulnerabilities', 'getVulnerability'] as const

/** Loads a file from here, where the installation has one organization. */
export function IntelligenceUpload({ kind, title }: Props) {
  const [force, setForce] = useState(false)
  const reset = useRef<() => void>(null)
  const client = useQueryClient()
  const announce = useAnnounce()
  const upload = useMutation({
    mutationFn: async (file: File) => uploadIntelligence(file, { kind, ...(force && { force }) }),
    onSuccess: async () => {
      announce(`${title}: the file was read`)
      await Promise.all(stale.map((route) => client.invalidateQueries({ queryKey: [route] })))
    },
  })
  const choose = (file: File | null) => {
    if (file !== null) upload.mutate(file)
    reset.current?.()
  }
  return (
    <Stack gap="sm">
      <Group gap="md">
        <FileButton resetRef={reset} onChange={choose} accept=".csv,.gz,.json,.jsonl,.txt">
          {(props) => (
            <Button
              {...props}
              variant="default"
              loading={upload.isPending}
              leftSection={<Icon name="upload" size={16} />}
              aria-label={`Load a file from here: ${title}`}
            >
              Load a file from here
            </Button>
          )}
        </FileButton>
        <Checkbox
          label="Also an older or a much smaller one"
          checked={force}
          onChange={(event) => setForce(event.currentTarget.checked)}
        />
      </Group>
      {upload.isSuccess && (
        <Text size="sm">
          {upload.data.outcome === 'unchanged'
            ? 'This file was loaded already; nothing has changed.'
            : `Loaded. It says something new about ${count(upload.data.changed, 'vulnerability', 'vulnerabilities')}.`}
        </Text>
      )}
      {upload.isError && <ProblemNote error={upload.error} />}
    </Stack>
  )
}
