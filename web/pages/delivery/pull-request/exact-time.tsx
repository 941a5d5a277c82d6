const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

/** Day and minute in the reader's zone: what happened within hours is not told apart by *7 months ago*. */
export function ExactTime({ at }: { readonly at: string }) {
  const date = new Date(at)
  return (
    <time dateTime={at} title={full.format(date)}>
      {format.format(date)}
    </time>
  )
}
