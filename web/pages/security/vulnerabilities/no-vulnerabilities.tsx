import { useMay } from '../../../shell/use-session.ts'
import { ButtonLink } from '../../../ui/links.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { isNarrowed, type VulnerabilitySearch, viewOf } from './vulnerability-search.ts'

/** Empty because filtered is another thing than empty because new. */
export function NoVulnerabilities({ search }: { readonly search: VulnerabilitySearch }) {
  const mayImport = useMay('import.write')
  const mayDecide = useMay('vulnerability.decide')
  if (isNarrowed(search)) {
    return (
      <EmptyState
        icon="filter"
        title="Nothing matches these filters"
        text="Take one away, or look at all vulnerabilities."
        action={
          <ButtonLink to="/vulnerabilities" search={{ view: 'all' }} variant="default">
            Clear the filters
          </ButtonLink>
        }
      />
    )
  }
  if (viewOf(search) === 'closed') {
    return (
      <EmptyState
        icon="check"
        title="Nothing closed yet"
        text="What scans no longer find, and what people decide, ends up here."
      />
    )
  }
  return (
    <EmptyState
      icon="vulnerabilities"
      title="No open vulnerabilities"
      text="They come from scanners' reports. Choose an asset and import its newest report; SARIF of any scanner and the own reports of many will do."
      action={
        mayImport || mayDecide ? (
          <>
            {mayImport && <ButtonLink to="/assets">Choose an asset to import for</ButtonLink>}
            {mayDecide && (
              <ButtonLink to="/vulnerabilities/new" variant="default">
                Write one down by hand
              </ButtonLink>
            )}
          </>
        ) : undefined
      }
    />
  )
}
