/** The furthest that was announced of the end of an acceptance; kept between two looks. */
export type AcceptanceAnnounced = 'none' | 'week' | 'day'

export type AcceptanceVerdict = 'nothing' | 'remind_week' | 'remind_day' | 'reopen'

/** Days before the date at which the first reminder is due. */
export const acceptanceReminderDays = 7

const dayMs = 24 * 3600_000

/**
 * What the end of an acceptance asks for on a day: reminders a week before and on the day itself, once each and the nearer
 * one alone where both are due; after it the risk is taken up again. Days are calendar dates such as 2027-01-31.
 */
export function judgeAcceptance(input: {
  acceptedUntil: string
  today: string
  announced: AcceptanceAnnounced
}): AcceptanceVerdict {
  const { announced } = input
  const left = daysBetween(input.today, input.acceptedUntil)
  if (left < 0) return 'reopen'
  if (left === 0) return announced === 'day' ? 'nothing' : 'remind_day'
  return left <= acceptanceReminderDays && announced === 'none' ? 'remind_week' : 'nothing'
}

/** What counts as announced from the start: who accepts a risk for a week or less needs no reminder a week before. */
export function announcedAtStart(input: { acceptedUntil: string; today: string }): AcceptanceAnnounced {
  return daysBetween(input.today, input.acceptedUntil) <= acceptanceReminderDays ? 'week' : 'none'
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs
}
