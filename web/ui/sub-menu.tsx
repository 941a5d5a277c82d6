import type { ReactNode } from 'react'
import classes from './sub-menu.module.css'

type SubMenuProps = { readonly label: string; readonly menu: ReactNode; readonly children: ReactNode }

/** Categories on the left, what is chosen on the right; above it on narrow screens. */
export function SubMenu({ label, menu, children }: SubMenuProps) {
  return (
    <div className={classes.frame}>
      <nav aria-label={label} className={classes.menu}>
        {menu}
      </nav>
      <div className={classes.panel}>{children}</div>
    </div>
  )
}

export const subMenuLinkClass = classes.link ?? ''
