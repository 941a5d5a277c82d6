/**
 * For the step that deploys to production, in `bitbucket-pipelines.yml`; it tells of failures as well. Only `after-script`
 * knows how the step ended. https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
 */
export function pushExample(weirUrl: string): string {
  return [
    'after-script:',
    '  - >-',
    `    curl --fail-with-body -sS --max-time 60 -X POST "${weirUrl}/api/v1/deployments"`,
    '    -H "Authorization: Bearer $WEIR_TOKEN" -H "Content-Type: application/json"',
    '    -d "{\\"repository\\":\\"$BITBUCKET_REPO_FULL_NAME\\",\\"key\\":\\"$BITBUCKET_BUILD_NUMBER\\",\\"commit\\":\\"$BITBUCKET_COMMIT\\",',
    '    \\"state\\":\\"$([ "$BITBUCKET_EXIT_CODE" = 0 ] && echo successful || echo failed)\\"}"',
  ].join('\n')
}
