import { Group, Stack, Text } from '@mantine/core'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { CopyTextButton } from '../../../ui/copy-button.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { pushExample } from './push-example.ts'

/** How a pipeline tells of its own deployments. */
export function PushHelp() {
  const text = pushExample(window.location.origin)
  return (
    <Panel
      title="Telling by a call"
      lead="For what deploys elsewhere, or without an environment in Bitbucket. Set the source “Calls of the API” above."
      actions={<CopyTextButton value={text}>Copy</CopyTextButton>}
    >
      <Stack gap="sm">
        <Text size="sm">
          Put this into the step that deploys to production, in an image with curl 7.76 or newer and a POSIX shell. The
          same key again changes the same deployment, so that a step may be repeated.
        </Text>
        <CodeBlock label="bitbucket-pipelines.yml" text={text} />
        <Group gap={6}>
          <Text size="sm">
            WEIR_TOKEN is a secured variable with a token of the scope “import”:{' '}
            <AnchorLink to="/settings/tokens">make one under API tokens</AnchorLink>. Incidents go to /api/v1/incidents
            in the same way.
          </Text>
        </Group>
      </Stack>
    </Panel>
  )
}
