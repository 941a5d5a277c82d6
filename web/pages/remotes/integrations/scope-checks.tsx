import type { Connection } from '../../../../contract/remotes/connections.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import type { IconName } from '../../../ui/icon.tsx'
import type { Tone } from '../../../ui/words.ts'
import classes from './scope-list.module.css'

type State = Connection['scopes'][number]['state']

const stateWords: Record<State, { label: string; tone: Tone; icon: IconName }> = {
  granted: { label: 'Granted', tone: 'good', icon: 'check' },
  missing: { label: 'Missing', tone: 'bad', icon: 'alert' },
  unknown: { label: 'Not known', tone: 'notification', icon: 'info' },
}

/** Each scope with what was found when the credential was checked. */
export function ScopeChecks({ scopes }: { readonly scopes: Connection['scopes'] }) {
  return (
    <ul className={classes.list}>
      {scopes.map((item) => (
        <li key={item.scope}>
          <span className="mono break">{item.scope}</span>
          <span className={classes.why}>{item.needed_for}</span>
          <ToneBadge tone={stateWords[item.state].tone} icon={stateWords[item.state].icon}>
            {stateWords[item.state].label}
          </ToneBadge>
        </li>
      ))}
    </ul>
  )
}
