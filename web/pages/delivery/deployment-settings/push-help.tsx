import { Group, Stack, Text } from '@mantine/core'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { CopyTextButton } from '../../../ui/copy-button.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'

/** For the step that deploys, in `bitbucket-pipelines.yml`; it tells of failures as well. */
export function pushExample(weirUrl: string): string {
  return [
    'after-script:',
    '  - >-',
    `    curl --fail-with-body -sS -X POST ${weirUrl}/api/v1/deployments`,
    '    -H "Authorization: Bearer $WEIR_TOKEN" -H "Content-Type: application/json"',
    '    -d "{\\"repository\\":\\"$BITBUCKET_REPO_FULL_NAME\\",\\"key\\":\\"$BITBUCKET_BUILD_NUMBER\\",',
    '    \\"environment\\":\\"${BITBUCKET_DEPLOYMENT_ENVIRONMENT:-production}\\",\\"commit\\":\\"$BITBUCKET_COMMIT\\",',
    '    \\"state\\":\\"$([ "$BITBUCKET_EXIT_CODE" = 0 ] && echo successful || echo failed)\\"}"',
  ].join('\n')
}

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
          Put this into the step that deploys. The same key again changes the same deployment, so that a step may be
          repeated.
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
