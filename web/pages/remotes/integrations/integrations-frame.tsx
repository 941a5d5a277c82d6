import { useQuery } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { failuresQuery } from '../../../api/deliveries.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { PlainLink } from '../../../ui/links.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { NoPermission } from '../../../ui/states.tsx'
import { SubMenu, subMenuLinkClass } from '../../../ui/sub-menu.tsx'
import { formatNumber } from '../../../ui/words.ts'

const exact = { exact: true, includeSearch: false }

export function IntegrationsFrame() {
  const mayRead = useMay('connection.read')
  const mayReadLog = useMay('delivery.read')
  if (!mayRead) {
    return (
      <>
        <PageHeader title="Integrations" />
        <Panel>
          <NoPermission what="Integrations are for champions and administrators." />
        </Panel>
      </>
    )
  }
  return (
    <>
      <PageHeader title="Integrations" lead="Where code and developers are, and what travels between them and Weir." />
      <SubMenu
        label="Categories of integrations"
        menu={
          <>
            <PlainLink to="/integrations" activeOptions={exact} className={subMenuLinkClass}>
              <Icon name="branch" size={16} />
              Source control
            </PlainLink>
            <PlainLink to="/integrations/trackers" className={subMenuLinkClass}>
              <Icon name="send" size={16} />
              Defect tracker
            </PlainLink>
            <PlainLink to="/integrations/scanners" className={subMenuLinkClass}>
              <Icon name="search" size={16} />
              Scanners
            </PlainLink>
            <PlainLink
              to="/integrations/webhooks"
              activeOptions={{ includeSearch: false }}
              className={subMenuLinkClass}
            >
              <Icon name="bell" size={16} />
              Webhooks
            </PlainLink>
            {mayReadLog && (
              <PlainLink
                to="/integrations/deliveries"
                activeOptions={{ includeSearch: false }}
                className={subMenuLinkClass}
              >
                <Icon name="refresh" size={16} />
                Deliveries
                <FailedBadge />
              </PlainLink>
            )}
          </>
        }
      >
        <Outlet />
      </SubMenu>
    </>
  )
}

function FailedBadge() {
  const found = useQuery(failuresQuery)
  const amount = (found.data?.items ?? []).reduce((sum, failure) => sum + failure.count, 0)
  return amount === 0 ? null : <ToneBadge tone="bad">{`${formatNumber(amount)} failed`}</ToneBadge>
}
