import { Anchor, Collapse, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Asset } from '../../../../contract/security/assets.ts'
import { type BranchDraft, type ReadBranches, readBranches } from './upload-branches.ts'

type BranchFieldsProps = {
  readonly asset: Asset
  readonly draft: BranchDraft
  readonly onChange: (draft: BranchDraft) => void
  readonly problem: ReadBranches['problem']
}

/** Most reports are of the default branch: what is needed for another one, or for a pull request, is folded away. */
export function BranchFields({ asset, draft, onChange, problem }: BranchFieldsProps) {
  const [isUnfolded, { toggle }] = useDisclosure(false)
  // What stands in the way of sending a report is not folded away.
  const opened = isUnfolded || problem !== null
  const errorOf = (field: keyof BranchDraft) => (problem?.field === field ? problem.text : undefined)
  const change = (part: Partial<BranchDraft>) => onChange({ ...draft, ...part })
  return (
    <div>
      <Group gap="sm">
        <Text size="sm" className="break">
          {placeWords(draft, asset.default_branch)}
        </Text>
        <Anchor component="button" type="button" size="sm" underline="always" onClick={toggle} aria-expanded={opened}>
          A branch or a pull request
        </Anchor>
      </Group>
      <Collapse expanded={opened} keepMounted={false}>
        <Stack gap="xs" mt="sm">
          <Group align="flex-start" gap="md">
            <TextInput
              label="Branch"
              value={draft.branch}
              maxLength={255}
              error={errorOf('branch')}
              onChange={(event) => change({ branch: event.currentTarget.value })}
              w={220}
            />
            <TextInput
              label="Target branch"
              placeholder={draft.pullRequest.trim() === '' ? 'None' : asset.default_branch}
              value={draft.target}
              maxLength={255}
              error={errorOf('target')}
              onChange={(event) => change({ target: event.currentTarget.value })}
              w={220}
            />
            <TextInput
              label="Pull request"
              placeholder="Its number"
              inputMode="numeric"
              value={draft.pullRequest}
              maxLength={11}
              error={errorOf('pullRequest')}
              onChange={(event) => change({ pullRequest: event.currentTarget.value })}
              w={140}
            />
          </Group>
          <Text size="sm" c="dimmed">
            With a target, only what is new against it makes vulnerabilities; what stands there already is named as
            known and left alone.
          </Text>
        </Stack>
      </Collapse>
    </div>
  )
}

function placeWords(draft: BranchDraft, defaultBranch: string): string {
  const { branch, target_branch: target, pull_request: number } = readBranches(draft, defaultBranch).branches
  if (target === undefined) return `For the branch ${branch}.`
  return `For ${number === undefined ? 'the branch' : `pull request ${number}, branch`} ${branch}, compared with ${target}.`
}
