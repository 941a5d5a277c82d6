import { AppShell, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useLiveEvents } from '../api/live.ts'
import classes from './app-frame.module.css'
import { DemoBanner } from './demo-banner.tsx'
import { clearDrafts } from './drafts.ts'
import { FollowedChanges } from './followed-changes.tsx'
import { LostBanner } from './lost-banner.tsx'
import { Palette } from './palette.tsx'
import { SideMenu } from './side-menu.tsx'
import { TopBar } from './top-bar.tsx'
import { useSession } from './use-session.ts'

/** After a change of page, keyboard and screen reader begin at its content instead of where the old link was. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null)
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const previous = useRef(pathname)
  useEffect(() => {
    if (previous.current !== undefined && previous.current !== pathname) main.current?.focus({ preventScroll: true })
    previous.current = pathname
  }, [pathname])
  return main
}

export function AppFrame() {
  const [menu, { open, close }] = useDisclosure(false)
  const { lost } = useLiveEvents()
  const main = useFocusOnNavigation()
  const { member } = useSession()
  // A session that ended by itself, or elsewhere, left its drafts: they wait for their author alone.
  useEffect(() => clearDrafts(localStorage, member.id), [member.id])
  return (
    <AppShell header={{ height: 54 }} navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: true } }}>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header className={classes.header}>
        <TopBar onMenu={open} />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p="sm" aria-label="Main" visibleFrom="sm">
        <SideMenu />
      </AppShell.Navbar>
      <Drawer opened={menu} onClose={close} title="Weir" size={264} hiddenFrom="sm">
        <nav aria-label="Main">
          <SideMenu onNavigate={close} />
        </nav>
      </Drawer>
      <AppShell.Main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <DemoBanner />
        <LostBanner lost={lost} />
        <div className={classes.content}>
          <FollowedChanges>
            <Outlet />
          </FollowedChanges>
        </div>
      </AppShell.Main>
      <Palette />
    </AppShell>
  )
}
