/** The published clients that are driven against the simulator, each with what else its story needs installed. */
export const clientVersions = {
  bitbucket: ['bitbucket@2.12.0'],
  coderabbit: ['@coderabbitai/bitbucket@1.1.4'],
  backstage: ['@backstage/plugin-bitbucket-cloud-common@0.3.12'],
  passport: ['passport-bitbucket-oauth20@1.1.0', 'passport@0.7.0'],
  'nexus-mcp': ['@nexus2520/bitbucket-mcp-server@3.0.0'],
  'aashari-mcp': ['@aashari/mcp-server-atlassian-bitbucket@3.1.0'],
  danger: ['danger@14.0.7'],
  screwdriver: ['screwdriver-scm-bitbucket@7.4.3'],
  'openid-client': ['openid-client@6.8.9'],
  'isomorphic-git': ['isomorphic-git@1.44.11'],
  'simple-git': ['simple-git@4.0.2'],
} as const satisfies Record<string, readonly string[]>

export type ClientName = keyof typeof clientVersions
