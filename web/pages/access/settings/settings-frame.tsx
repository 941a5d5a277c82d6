import { Outlet } from '@tanstack/react-router'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { PlainLink } from '../../../ui/links.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { SubMenu, subMenuLinkClass } from '../../../ui/sub-menu.tsx'

const exact = { exact: true, includeSearch: false }

export function SettingsFrame() {
  const mayAudit = useMay('audit.read')
  const mayAdminister = useMay('organization.write')
  return (
    <>
      <PageHeader title="Settings" />
      <SubMenu
        label="Settings"
        menu={
          <>
            <PlainLink to="/settings" activeOptions={exact} className={subMenuLinkClass}>
              <Icon name="person" size={16} />
              Members
            </PlainLink>
            <PlainLink to="/settings/accounts" className={subMenuLinkClass}>
              <Icon name="link" size={16} />
              Accounts
            </PlainLink>
            <PlainLink to="/settings/people" className={subMenuLinkClass}>
              <Icon name="person" size={16} />
              People
            </PlainLink>
            <PlainLink to="/settings/teams" className={subMenuLinkClass}>
              <Icon name="person" size={16} />
              Teams
            </PlainLink>
            <PlainLink to="/settings/deployments" className={subMenuLinkClass}>
              <Icon name="send" size={16} />
              Deployments
            </PlainLink>
            <PlainLink to="/settings/goals" className={subMenuLinkClass}>
              <Icon name="analytics" size={16} />
              Goals
            </PlainLink>
            <PlainLink to="/settings/agreements" className={subMenuLinkClass}>
              <Icon name="check" size={16} />
              Agreements
            </PlainLink>
            <PlainLink to="/settings/left-out" className={subMenuLinkClass}>
              <Icon name="filter" size={16} />
              Left out
            </PlainLink>
            <PlainLink to="/settings/templates" className={subMenuLinkClass}>
              <Icon name="file" size={16} />
              Templates
            </PlainLink>
            <PlainLink to="/settings/service-levels" className={subMenuLinkClass}>
              <Icon name="clock" size={16} />
              Service levels
            </PlainLink>
            <PlainLink to="/settings/gate" className={subMenuLinkClass}>
              <Icon name="check" size={16} />
              Security gate
            </PlainLink>
            <PlainLink to="/settings/sending" className={subMenuLinkClass}>
              <Icon name="send" size={16} />
              What is sent
            </PlainLink>
            <PlainLink to="/settings/notifications" className={subMenuLinkClass}>
              <Icon name="bell" size={16} />
              Notifications
            </PlainLink>
            <PlainLink to="/settings/tokens" className={subMenuLinkClass}>
              <Icon name="key" size={16} />
              API tokens
            </PlainLink>
            <PlainLink to="/settings/password" className={subMenuLinkClass}>
              <Icon name="lock" size={16} />
              Password
            </PlainLink>
            {mayAdminister && (
              <PlainLink to="/settings/intelligence" className={subMenuLinkClass}>
                <Icon name="info" size={16} />
                Intelligence
              </PlainLink>
            )}
            {mayAdminister && (
              <PlainLink to="/settings/public-links" className={subMenuLinkClass}>
                <Icon name="link" size={16} />
                Public links
              </PlainLink>
            )}
            {mayAdminister && (
              <PlainLink to="/settings/storage" className={subMenuLinkClass}>
                <Icon name="file" size={16} />
                Storage
              </PlainLink>
            )}
            {mayAudit && (
              <PlainLink to="/settings/audit" className={subMenuLinkClass}>
                <Icon name="clock" size={16} />
                Audit log
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
