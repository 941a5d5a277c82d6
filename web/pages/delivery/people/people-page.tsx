import { Stack } from '@mantine/core'
import { useMay } from '../../../shell/use-session.ts'
import { BotPanel } from './bot-panel.tsx'
import { MergeHistory } from './merge-history.tsx'
import { MergePanel } from './merge-panel.tsx'
import { MergeTwoPanel } from './merge-two-panel.tsx'
import { PersonPanel } from './person-panel.tsx'
import { PrivacyPanel } from './privacy-panel.tsx'
import { UploadPanel } from './upload-panel.tsx'

/** Who is one person, who is a program, and what figures may show of one person alone. */
export function PeoplePage() {
  const mayWrite = useMay('member.write')
  return (
    <Stack gap="lg">
      <PrivacyPanel />
      {mayWrite && <MergePanel />}
      {mayWrite && <MergeTwoPanel />}
      {mayWrite && <UploadPanel />}
      <MergeHistory mayWrite={mayWrite} />
      {mayWrite && <PersonPanel />}
      <BotPanel mayWrite={mayWrite} />
    </Stack>
  )
}
