import { Group, Stack, Text, Title } from '@mantine/core'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { CopyTextButton } from '../../../ui/copy-button.tsx'
import { AnchorLink, ButtonLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'

/** The upload stands in `after-script`: it runs when the scan fails too, and never fails the build by itself. */
function pipelineSnippet(origin: string): string {
  return `pipelines:
  default:
    - step:
        name: Scan
        script:
          - your-scanner --format sarif --output report.sarif
        after-script:
          - BRANCH=$(printf %s "$BITBUCKET_BRANCH" | sed 's/%/%25/g; s/#/%23/g; s/&/%26/g; s/+/%2B/g')
          - >-
            curl --fail-with-body --silent --show-error --max-time 120 --data-binary @report.sarif
            --header "Authorization: Bearer $WEIR_TOKEN" --header "Content-Type: application/sarif+json"
            "${origin}/api/v1/imports?asset=$BITBUCKET_REPO_SLUG&branch=$BRANCH&commit=$BITBUCKET_COMMIT"
            || echo "Weir did not take the report"
        artifacts:
          - report.sarif
`
}

const commandSnippet = 'npx weir import report.sarif --asset ASSET_KEY --branch main --preview'

export function Scanners() {
  const snippet = pipelineSnippet(location.origin)
  return (
    <Stack>
      <Panel>
        <Stack gap={4}>
          <Group justify="space-between">
            <Title order={2}>Scanner reports</Title>
            <ButtonLink to="/assets" variant="default">
              Import for an asset
            </ButtonLink>
          </Group>
          <Text c="dimmed" maw={640}>
            SARIF 2.1.0 of any scanner, the own reports of more than twenty-five tools (code, dependencies, secrets,
            infrastructure, running applications), and a table of your own. Weir knows a report by its content, compares
            it with what it knows, and shows what would change before it changes anything.
          </Text>
        </Stack>
      </Panel>
      <Panel
        title="From Bitbucket Pipelines"
        lead={
          <>
            Set <span className="mono">WEIR_TOKEN</span> (secured; an{' '}
            <AnchorLink to="/settings/tokens" underline="always">
              API token
            </AnchorLink>{' '}
            with the scope import) as a repository variable. The asset is named by its key: that of a repository Weir
            made an asset of is its slug.
          </>
        }
        actions={<CopyTextButton value={snippet}>Copy</CopyTextButton>}
      >
        <CodeBlock label="bitbucket-pipelines.yml" text={snippet} />
      </Panel>
      <Panel title="From a command line" actions={<CopyTextButton value={commandSnippet}>Copy</CopyTextButton>}>
        <CodeBlock label="Command" text={commandSnippet} />
      </Panel>
    </Stack>
  )
}
