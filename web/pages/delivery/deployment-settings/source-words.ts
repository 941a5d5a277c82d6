import type { DeploymentSource } from '../../../../contract/delivery/deployment-settings.ts'

/** What a source is called, what it means, and of what its pattern is; null where it has none. */
export const sourceWords: Record<
  DeploymentSource['kind'],
  { label: string; meaning: string; pattern: string | null; example: string }
> = {
  bitbucket: {
    label: 'Bitbucket deployments',
    meaning: 'Steps of pipelines with a deployment environment.',
    pattern: null,
    example: '',
  },
  merge: {
    label: 'Merges',
    meaning: 'Each merge into a fitting branch is a deployment.',
    pattern: 'Branch',
    example: 'main',
  },
  tag: {
    label: 'Tags',
    meaning:
      'Each commit a fitting tag was ever seen at; an annotated tag counts at its date, a light one at its commit’s.',
    pattern: 'Tag',
    example: 'v*',
  },
  pipeline: {
    label: 'Pipelines',
    meaning: 'Each finished run of a fitting pipeline; it succeeded or failed as the run did.',
    pattern: 'Pipeline',
    example: 'deploy-*',
  },
  push: {
    label: 'Calls of the API',
    meaning: 'What a pipeline or a script tells; see below.',
    pattern: null,
    example: '',
  },
}

export const sourceKinds = ['bitbucket', 'merge', 'tag', 'pipeline', 'push'] as const

/** `Tags “v*”`. */
export function describeSource({ kind, pattern }: Pick<DeploymentSource, 'kind' | 'pattern'>): string {
  return pattern === null ? sourceWords[kind].label : `${sourceWords[kind].label} “${pattern}”`
}
