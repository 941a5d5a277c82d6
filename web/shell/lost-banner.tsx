import { Icon } from '../ui/icon.tsx'
import classes from './banner.module.css'

/** Shown while the live connection is gone; what stands on the page may be old then. */
export function LostBanner({ lost }: { readonly lost: boolean }) {
  return (
    <div aria-live="polite">
      {lost && (
        <div className={classes.banner} data-tone="bad">
          <Icon name="alert" size={16} />
          <span>Weir cannot be reached. Trying again; the page catches up by itself, and drafts are kept.</span>
        </div>
      )}
    </div>
  )
}
