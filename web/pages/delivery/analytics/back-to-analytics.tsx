import { useState } from 'react'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import type { AnalyticsSearch } from './analytics-search.ts'
import { lastView } from './last-view.ts'

/** To the view one came from, as it was; to the one that is given where this tab has seen none. */
export function BackToAnalytics({ otherwise = {} }: { readonly otherwise?: AnalyticsSearch }) {
  const [view] = useState(lastView)
  return (
    <AnchorLink to="/analytics" search={view ?? otherwise} size="sm">
      <Icon name="left" size={13} /> Analytics
    </AnchorLink>
  )
}
