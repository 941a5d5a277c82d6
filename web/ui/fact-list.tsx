import { Fragment, type ReactNode } from 'react'
import classes from './fact-list.module.css'

type Fact = { readonly name: string; readonly value: ReactNode }

/** Names and values in two columns; `false` leaves a fact out. */
export function FactList({ facts }: { readonly facts: readonly (Fact | false)[] }) {
  return (
    <dl className={classes.list}>
      {facts
        .filter((fact) => fact !== false)
        .map((fact) => (
          <Fragment key={fact.name}>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </Fragment>
        ))}
    </dl>
  )
}
