import type { ReactNode } from 'react'
import { isMissing } from '../api/api-problem.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { Panel } from '../ui/panel.tsx'
import { EmptyState, ProblemNote } from '../ui/states.tsx'

type DetailFailureProps = {
  /** What the page shows one of, such as `vulnerability`. */
  readonly what: string
  /** The way back to the list. */
  readonly back: ReactNode
  readonly error: unknown
  readonly onRetry: () => void
}

/** In place of one thing: it does not exist, or could not be asked for. */
export function DetailFailure({ what, back, error, onRetry }: DetailFailureProps) {
  const title = what.charAt(0).toUpperCase() + what.slice(1)
  return (
    <>
      <PageHeader title={isMissing(error) ? 'Nothing at this address' : title} above={back} />
      {isMissing(error) ? (
        <Panel>
          <EmptyState
            icon="search"
            title={`This ${what} does not exist`}
            text="The address may be mistyped, or what it showed was removed."
          />
        </Panel>
      ) : (
        <ProblemNote error={error} onRetry={onRetry} />
      )}
    </>
  )
}
